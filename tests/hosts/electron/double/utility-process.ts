import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

interface ForkOptions {
  readonly serviceName: string;
  readonly stdio: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A utility process of Electron, played by a process of Node. */
export class UtilityProcessDouble extends EventEmitter {
  readonly serviceName: string;
  readonly stderr: ChildProcess['stderr'];
  readonly #child: ChildProcess;
  #spawned = false;

  constructor(module: string, words: readonly string[], { serviceName, stdio, env }: ForkOptions) {
    super();
    if (stdio[0] !== 'ignore') throw new Error('Electron gives a utility process no standard input.');
    this.serviceName = serviceName;
    this.#child = fork(module, words, {
      execArgv: ['--import', join(import.meta.dirname, 'parent-port.mjs')],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env,
    });
    this.stderr = this.#child.stderr;
    this.#child.on('spawn', () => {
      this.#spawned = true;
      this.emit('spawn');
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code) => this.emit('exit', code ?? 1));
  }

  /** As Electron has it: undefined until the process was started. */
  get pid(): number | undefined {
    return this.#spawned ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    this.#child.send(message as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}
