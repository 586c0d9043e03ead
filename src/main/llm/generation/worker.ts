import process from 'node:process';
import { createOnnxRuntimeEngine } from '../engines/onnxruntime/engine.ts';
import { createGenerationServer } from './worker-server.ts';

/**
 * The process in which a model writes, so that a crash of the engine's library takes nobody with it. It speaks
 * `worker-protocol.ts` over its IPC channel and ends when the channel closes.
 */
const server = createGenerationServer(createOnnxRuntimeEngine, (message) => {
  // The channel can close between the work and the send: the callback keeps that from being an uncaught error.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
});

process.on('message', (message) => server.receive(message));
process.on('disconnect', () => void server.close().finally(() => process.exit(0)));
process.on('SIGTERM', () => void server.close().finally(() => process.exit(0)));
// A Ctrl-C in the terminal reaches the whole group of processes; what it means is for the asking process to decide.
process.on('SIGINT', () => undefined);
