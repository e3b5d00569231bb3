#!/usr/bin/env node
import { runCli } from '../dist/cli/index.js';

// Whoever reads may have read enough, as `head` has: that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runCli(process.argv.slice(2));
