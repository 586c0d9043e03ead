/**
 * The command line of a program with one more architecture: it is registered here and in each worker, which Node starts with
 * the same module, and then the command line begins as it always does.
 */
import './register.ts';

const register = new URL('register.ts', import.meta.url).href;
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], `--import=${register}`]
  .filter((option) => option !== undefined)
  .join(' ');
await import('../../src/main/hosts/cli/main.ts');
