import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bareStore, createRuns, plansFor } from '../../test/run-of-fix.ts';
import { appId, userAssigned } from '../../test/snapshots.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { ResourceManagerError } from '../azure/resource-manager.ts';
import { Unreachable } from '../azure/unreachable.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acrpull-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const site = appId.toLowerCase();
const writes = (request: string) => !request.startsWith('GET');

test('identities, grants for them, and then the flag, on both sites', async () => {
  const stored = bareStore();
  const requests: string[] = [];
  await createRuns(stored, folder, { before: (request) => requests.push(request) }).fix(plansFor('system'));
  for (const id of [site, `${site}/slots/staging`]) {
    const { system } = stored.identities[id]!;
    expect(stored.configs[id]!.acrUseManagedIdentityCreds).toBe(true);
    const held = Object.values(stored.assignments).filter(({ principalId }) => principalId === system);
    expect(held).toHaveLength(1);
  }
  const written = requests.filter(writes);
  expect(written).toHaveLength(6);
  expect(written.indexOf(`PATCH ${site}/config/web`)).toBeGreaterThan(
    written.findIndex((it) => it.startsWith('PUT')),
  );
});

test('what two sites have in common is done once, before either of them needs it', async () => {
  const stored = bareStore();
  const requests: string[] = [];
  await createRuns(stored, folder, { before: (request) => requests.push(request) }).fix(plansFor('user'));
  expect(Object.values(stored.assignments)).toMatchObject([{ principalId: userAssigned.principalId }]);
  const written = requests.filter(writes);
  expect(written.filter((it) => it.startsWith('PUT'))).toHaveLength(1);
  const flags = written.flatMap((it, index) => (it.endsWith('/config/web') ? [index] : []));
  expect(Math.min(...flags)).toBeGreaterThan(written.findIndex((it) => it.startsWith('PUT')));
});

test('nothing is done twice', async () => {
  const stored = bareStore();
  const runs = createRuns(stored, folder);
  await runs.fix(plansFor('user'));
  const before = structuredClone(stored);
  await runs.fix(plansFor('user'));
  expect(stored).toEqual(before);
  expect(runs.runs()[0]).toMatchObject({ complete: true, steps: [] });
});

test('a failure stops its own site only, and the message says what was done and what was not', async () => {
  const before = (request: string) => {
    if (request.startsWith('PUT') && [...grants].push(request) && !grants.has(request)) {
      grants.add(request);
      if (grants.size === 1)
        throw new Failure('Azure said no', { resource: '/the/resource', next: 'ask an owner' });
    }
  };
  const grants = new Set<string>();
  const failure = await createRuns(bareStore(), folder, { before })
    .fix(plansFor('system'))
    .catch((error) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure.message).toContain('Azure said no');
  expect(failure.message).toContain(
    'done:      hoge-app: identity, hoge-app/staging: identity, hoge-app/staging: role assignment, hoge-app/staging: acrUseManagedIdentityCreds',
  );
  expect(failure.message).toContain(
    'not done:  hoge-app: role assignment, hoge-app: acrUseManagedIdentityCreds',
  );
  expect(failure.message).toContain(folder);
  expect(failure).toMatchObject({ resource: '/the/resource', next: 'ask an owner' });
});

test('Ctrl-C lets the step under way finish and begins no other', async () => {
  const stored = bareStore();
  const before = (request: string) => {
    if (request === `PATCH ${site}`) process.emit('SIGINT');
  };
  const [production] = plansFor('system');
  const failure = await createRuns(stored, folder, { before })
    .fix([production!])
    .catch((error) => error);
  expect(failure.message).toContain('done:      hoge-app: identity');
  expect(stored.identities[site]!.system).toBeDefined();
  expect(stored.assignments).toEqual({});
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('a site that pulls today depends on its new grant when it had the time to count, and no sooner', async () => {
  const clock = createVirtualClock();
  const start = clock.now();
  const at: Record<string, number> = {};
  const before = (request: string) => {
    if (writes(request))
      at[request.split(' ')[0] + (request.split('/config')[1] ?? '')] ??= clock.now() - start;
  };
  const plans = plansFor('user').map((plan) => ({ ...plan, wait: { ms: 300_000, grantedOn: undefined } }));
  await createRuns(bareStore(), folder, { before }).fix(plans, clock);
  expect(at).toEqual({ PATCH: 0, PUT: 0, 'PATCH/web': 300_000 });
});

test('Ctrl-C ends the wait', async () => {
  const stored = bareStore();
  const clock = createVirtualClock();
  const sleep: Clock['sleep'] = (ms, signal) => {
    process.emit('SIGINT');
    return clock.sleep(ms, signal);
  };
  const plans = plansFor('user').map((plan) => ({ ...plan, wait: { ms: 300_000, grantedOn: undefined } }));
  const failure = await createRuns(stored, folder)
    .fix(plans, { ...clock, sleep })
    .catch((error) => error);
  expect(failure.message).toMatch(/^interrupted/);
  expect(stored.configs[site]!.acrUseManagedIdentityCreds).toBe(false);
});

test('a writer that reports success and changes nothing is not believed', async () => {
  const stored = bareStore();
  const before = (request: string) => {
    if (request.startsWith('GET')) stored.configs[site]!.acrUseManagedIdentityCreds = false;
  };
  const failure = await createRuns(stored, folder, { before })
    .fix(plansFor('user'))
    .catch((error) => error);
  expect(failure.message).toContain('does not have it');
});

test('an answer that is lost is no failure of the write', async () => {
  const stored = bareStore();
  const lose = () => {
    throw new Unreachable('management.azure.com', 'the connection broke off');
  };
  const runs = createRuns(stored, folder, { lose });
  await runs.fix(plansFor('system'));
  expect(stored.configs[site]!.acrUseManagedIdentityCreds).toBe(true);
  expect(runs.runs()[0]!.steps.map(({ state }) => state)).toEqual(Array(6).fill('done'));
});

test('a write without any answer is perhaps done, and said to be so', async () => {
  let isGone = false;
  const before = () => {
    if (isGone) throw new Unreachable('management.azure.com', 'no network');
  };
  const lose = () => {
    isGone = true;
    before();
  };
  const failure = await createRuns(bareStore(), folder, { before, lose })
    .fix(plansFor('system'))
    .catch((error) => error);
  expect(failure.message).toContain('not done:  hoge-app: identity (perhaps done');
});

test('a site that is busy with something else, such as a swap, is waited for', async () => {
  const stored = bareStore();
  let refusals = 0;
  const before = (request: string) => {
    const message = 'Cannot modify this site because another operation is in progress.';
    if (request === `PATCH ${site}/config/web` && refusals++ < 3) {
      throw new ResourceManagerError(409, 'Conflict', message, site);
    }
  };
  await createRuns(stored, folder, { before }).fix(plansFor('user'));
  expect(stored.configs[site]!.acrUseManagedIdentityCreds).toBe(true);
});

test('what somebody changed since the plan was made is not overwritten', async () => {
  const stored = bareStore();
  const plans = plansFor('user');
  stored.configs[site]!.acrUserManagedIdentityID = 'of somebody else';
  const failure = await createRuns(stored, folder)
    .fix(plans)
    .catch((error) => error);
  expect(failure.message).toContain('has changed since it was read');
  expect(stored.configs[site]!.acrUserManagedIdentityID).toBe('of somebody else');
});

describe('the journal', () => {
  test('is a file of its own that nobody else may read', async () => {
    await createRuns(bareStore(), folder).fix(plansFor('system'));
    const [file] = readdirSync(folder);
    expect(statSync(join(folder, file!)).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written keeps everything from being done', async () => {
    const stored = bareStore();
    writeFileSync(join(folder, 'file'), '');
    const runs = createRuns(stored, join(folder, 'file'));
    const failure = await runs.fix(plansFor('system')).catch((error) => error);
    expect(failure.message).toMatch(/^The journal cannot be written: .* Nothing was changed/);
    expect(failure.next).toContain('XDG_STATE_HOME');
    expect(stored).toEqual(bareStore());
  });

  test('has each write before Azure has it', async () => {
    const before = (request: string) => {
      if (!writes(request)) return;
      const lines = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')
        .trim()
        .split('\n');
      const events = lines.slice(1).map((line) => JSON.parse(line));
      const begun = events.filter(({ state }) => state === 'begun').length;
      const done = events.filter(({ state }) => state === 'done').length;
      expect(begun).toBeGreaterThan(done);
    };
    await createRuns(bareStore(), folder, { before }).fix(plansFor('system'));
  });

  test('that was torn in its last line is read up to it', async () => {
    const stored = bareStore();
    const runs = createRuns(stored, folder);
    await runs.fix(plansFor('system'));
    const file = join(folder, readdirSync(folder)[0]!);
    const text = readFileSync(file, 'utf8');
    for (let length = text.indexOf('\n') + 1; length < text.length; length += 97) {
      writeFileSync(file, text.slice(0, length));
      expect(runs.runs()).toHaveLength(1);
    }
  });
});

describe('undo', () => {
  test.each(['system', 'user'] as const)(
    'takes everything back, the last write first: %s',
    async (choice) => {
      const stored = bareStore();
      const runs = createRuns(stored, folder);
      await runs.fix(plansFor(choice));
      const { steps } = await runs.undo();
      expect(steps.at(-1)!.write.kind).toBe('identity');
      expect(stored).toEqual(bareStore());
      await expect(runs.undo()).rejects.toThrow('No run of fix is left to take back');
    },
  );

  test('refuses when a value has changed since, and touches nothing', async () => {
    const stored = bareStore();
    const runs = createRuns(stored, folder);
    await runs.fix(plansFor('user'));
    stored.configs[site]!.acrUserManagedIdentityID = 'of somebody else';
    const before = structuredClone(stored);
    await expect(runs.undo()).rejects.toThrow(/acrUserManagedIdentityID.* of .*config\/web/);
    expect(stored).toEqual(before);
  });

  test('an identity that was made anew is another one', async () => {
    const stored = bareStore();
    const runs = createRuns(stored, folder);
    await runs.fix(plansFor('system'));
    stored.identities[site]!.system = 'another';
    await expect(runs.undo()).rejects.toThrow('identity of');
  });

  test('whatever is lost and wherever it stops: fix again completes it, and undo leaves nothing behind', async () => {
    const outcome = fc.record({
      choice: fc.constantFrom('system' as const, 'user' as const),
      at: fc.nat(8),
      how: fc.constantFrom('before' as const, 'lose' as const),
      again: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(outcome, async ({ choice, at, how, again }) => {
        const own = mkdtempSync(join(folder, 'run-'));
        const stored = bareStore();
        let count = 0;
        const stopped = createRuns(stored, own, {
          [how]: (request: string) => {
            if (writes(request) && count++ >= at) throw new Failure('cut');
          },
        });
        await stopped.fix(plansFor(choice)).catch((error) => expect(error.message).toContain('cut'));
        const runs = createRuns(stored, own);
        if (again) {
          await runs.fix(plansFor(choice));
          expect(Object.values(stored.configs).every((it) => it.acrUseManagedIdentityCreds)).toBe(true);
        }
        while (runs.runs().some(({ command, steps }) => command === 'fix' && steps.length > 0)) {
          const undone = await runs.undo().catch((error) => error);
          if (undone instanceof Failure) {
            expect(undone.message).toContain('No run of fix is left');
            break;
          }
        }
        expect(stored).toEqual(bareStore());
      }),
      { numRuns: 60 },
    );
  });
});
