#!/usr/bin/env node
import { reportFailure, runCommandLine } from './run-command-line.ts';

// A reader that has seen enough (`loam runs list | head`) closes the pipe: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.on('uncaughtException', (error) => process.exit(reportFailure(error)));
process.on('unhandledRejection', (error) => process.exit(reportFailure(error)));

process.exitCode = await runCommandLine(process.argv.slice(2));
