import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeEngine } from '../../../../test/engine-contract.ts';
import { createLinuxEngine } from './linux-engine.ts';
import { whyNoNamespaces } from './probe.ts';

const directory = await mkdtemp(join(tmpdir(), 'local-azure-linux-engine-'));
afterAll(() => rm(directory, { recursive: true, force: true }));

const missing = process.env.CI ? undefined : await whyNoNamespaces();

describeEngine('Linux engine', missing, async () =>
  createLinuxEngine(await mkdtemp(join(directory, 'engine-'))),
);
