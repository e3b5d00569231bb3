import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { principalId, snapshotOf, takenOn } from '../../test/snapshots.ts';
import { diagnose } from '../checks/diagnose.ts';
import type { Outcome } from '../verify/outcome.ts';
import type { Verified } from '../verify/verify-site.ts';
import { restartText } from './restart-text.ts';
import { verifiedJson, verifiedText } from './verified.ts';

const [production, staging] = diagnose(snapshotOf({ sites: [{}, { slot: 'staging' }] }));
const now = Date.parse(takenOn);
const serving: Outcome = { kind: 'serving', digest: 'sha256:1', status: 200, firstLine: 'hello', shut: null };
const verified = (changes: Partial<Verified>): Verified => ({
  outcome: serving,
  diagnosis: production!,
  attempts: 1,
  elapsedMs: 850,
  instances: { count: 1, proven: 1, failedOn: null },
  open: [],
  ...changes,
});
const text = (...results: Verified[]) => stripVTControlCharacters(verifiedText(results, now));

test('what is proven: digest, identity, answer', () => {
  expect(text(verified({}))).toBe(`
✔ hoge-app  pulled, started, and answered HTTP 200
    digest      sha256:1
    pulled as   system-assigned identity, principal ${principalId}
    answered    https://hoge-app.azurewebsites.net/  hello
    took        850 ms

Proven: every site pulled its image with its managed identity, started and answered.
`);
});

test('what is not: what happened, to which resource, and the next command', () => {
  const outcome: Outcome = { kind: 'not-answering', digest: null, reason: 'it has exited' };
  expect(text(verified({}), verified({ outcome, diagnosis: staging!, attempts: 2 }))).toContain(`
✘ hoge-app/staging  pulled, but it does not answer: it has exited
    resource    ${staging!.view.site.id}
    next        az webapp log tail -g blog -n hoge-app --slot staging
    took        850 ms, 2 attempts

1 of 2 not proven.`);
});

test('what is left open', () => {
  const open = ['the pull on 2 of 3 instances: the log does not tell them apart'];
  expect(text(verified({ instances: { count: 3, proven: 1, failedOn: null }, open }))).toContain(`
    instances   1 of 3 proven
    open        the pull on 2 of 3 instances: the log does not tell them apart`);
});

test('JSON has it all, but for the snapshot', () => {
  expect(verifiedJson([verified({})], now)).toEqual({
    schema: 'acrpull.verified/1',
    ok: true,
    sites: [
      {
        id: production!.view.site.id,
        name: 'hoge-app',
        slot: null,
        proven: true,
        pulledAs: `system-assigned identity, principal ${principalId}`,
        firstBroken: null,
        says: 'pulled, started, and answered HTTP 200',
        because: null,
        next: null,
        outcome: serving,
        instances: { count: 1, proven: 1, failedOn: null },
        open: [],
        attempts: 1,
        elapsedMs: 850,
      },
    ],
  });
});

describe('what is about to be restarted', () => {
  const views = [production!.view, staging!.view];
  test('with the way that spares production', () => {
    const plan = { startsBy: 'restart', via: undefined, slots: ['staging'] } as const;
    const said = stripVTControlCharacters(restartText(views, plan));
    expect(said).toContain('  ~ hoge-app  restart  production\n  ~ hoge-app/staging  restart  slot\n');
    expect(said).toContain('If the new one does not start, Azure stops the site.');
    expect(said).toContain('acrpull verify hoge-app --via staging');
  });
  test('by it', () => {
    const said = stripVTControlCharacters(
      restartText([staging!.view, production!.view], {
        startsBy: 'stop-start',
        via: 'staging',
        slots: ['staging'],
      }),
    );
    expect(said).toContain('~ hoge-app  stop-start  production, once staging has proven it');
    expect(said).toContain('Nobody is served');
    expect(said).not.toContain('--via');
  });
});
