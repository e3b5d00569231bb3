import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bareStore, plansFor } from '../../test/run-of-fix.ts';
import { createSiteStore } from '../../test/site-store.ts';
import type { Azure } from '../azure/azure.ts';
import type { Diagnosis } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { carryOut } from './carry-out.ts';
import { readRuns } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acrpull-runs-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

type Read = { diagnoses: Diagnosis[] };

test.each<[what: string, readAgain: () => Promise<Read>, says: string]>([
  [
    'Ctrl-C',
    () => {
      process.emit('SIGINT');
      return new Promise(() => {});
    },
    'interrupted',
  ],
  ['a failure', () => Promise.reject(new Failure('too many requests')), 'too many requests'],
])(
  '%s while the sites are read back: says that the writes are done, and how to take them back',
  async (_, readAgain, says) => {
    const stored = bareStore();
    const azure = { resourceManager: createSiteStore(stored), now: Date.now } as Azure;
    const options = { target: 'local-azure', silent: true, proofMs: 1000, readAgain } as const;
    const failure = await carryOut(azure, plansFor('system'), options).catch((error) => error);

    const [run] = readRuns('local-azure');
    expect(failure.message).toContain(
      `Every write is done, and how the links are now could not be read: ${says}`,
    );
    expect(failure.next).toBe(`acrpull doctor hoge-app; or acrpull undo ${run!.id}`);
    expect(Object.values(stored.assignments)).toHaveLength(2);
    expect(process.listenerCount('SIGINT')).toBe(0);
  },
);
