// Stands in for what Electron gives to a utility process: `process.parentPort`, which holds messages back until somebody
// listens, and no word of a parent that is gone.
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
const early = [];
process.on('message', (data) => {
  if (port.listenerCount('message') === 0) early.push(data);
  else port.emit('message', { data, ports: [] });
});
port.on('newListener', (event) => {
  if (event !== 'message') return;
  queueMicrotask(() => {
    for (const data of early.splice(0)) port.emit('message', { data, ports: [] });
  });
});
port.postMessage = (message) => void process.send(message, undefined, {}, () => undefined);
process.parentPort = port;
