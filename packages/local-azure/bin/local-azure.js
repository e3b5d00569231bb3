#!/usr/bin/env node
import module from 'node:module';

// Newer Node keeps compiled code between runs, which makes every start faster.
module.enableCompileCache?.();
await import('../dist/cli/main.js');
