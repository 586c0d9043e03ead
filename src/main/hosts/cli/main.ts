#!/usr/bin/env node
import { keepFilesPrivate } from '../../studio/file-permissions.ts';
import { exitCodes } from './exit-codes.ts';
import { reportFailure, runCommandLine } from './run-command-line.ts';

keepFilesPrivate();

// A reader that has seen enough (`loam runs list | head`) closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.on('uncaughtException', (error) => process.exit(reportFailure(error)));
process.on('unhandledRejection', (error) => process.exit(reportFailure(error)));

process.exitCode = await runCommandLine(process.argv.slice(2));

// Left to end by itself, Node gives the signals back to the system some time before the process is gone, and one more
// Ctrl-C would end it by the signal rather than with its exit code. What was written is let through first.
if (process.exitCode === exitCodes.interrupted)
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
