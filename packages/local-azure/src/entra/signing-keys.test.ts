import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTenant } from '../../test/tenant.ts';

const arm = 'https://management.azure.com/';
const hour = 60 * 60 * 1000;
const day = 24 * hour;
let at: Awaited<ReturnType<typeof startTenant>>;

beforeEach(async () => {
  at = await startTenant();
});
afterEach(async () => {
  await at.close();
  at.db.close();
});

const issue = async () => {
  const { id } = at.entra.principals.createManagedIdentity('app', '/subscriptions/s/x');
  const { token } = await at.entra.issueToken(id, arm);
  return { token, kid: decodeProtectedHeader(token).kid! };
};
const published = async (): Promise<string[]> => {
  const { keys } = (await at.ask('login', `/${at.entra.tenantId}/discovery/v2.0/keys`)).body;
  return keys.map(({ kid }: { kid: string }) => kid);
};
const isGood = (token: string) =>
  at.entra.verifyToken(token, [arm]).then(
    () => true,
    () => false,
  );

test('keys take turns, and no good token is refused in between', async () => {
  const first = await issue();
  await at.clock.advance(30 * day - hour);
  expect(await published()).toEqual([first.kid]);

  // The next key is there for a day before it signs.
  await at.clock.advance(hour);
  const [, next] = await published();
  expect(next).toBeDefined();
  const before = await issue();
  expect(before.kid).toBe(first.kid);

  await at.clock.advance(day - 1);
  const last = await issue();
  expect(last.kid).toBe(first.kid);
  await at.clock.advance(1);
  const after = await issue();
  expect(after.kid).toBe(next);

  // What the first key signed last is good to its end, also after a restart.
  await at.clock.advance(23 * hour);
  await at.reopen();
  expect(await published()).toEqual([first.kid, next]);
  expect(await Promise.all([last.token, after.token].map(isGood))).toEqual([true, true]);

  await at.clock.advance(2 * hour);
  expect((await issue()).kid).toBe(next);
  expect(await published()).toEqual([next]);
});

test('after a long sleep, the old key signs until the next one is known', async () => {
  const first = await issue();
  await at.clock.advance(200 * day);
  const [one, two] = await Promise.all([issue(), issue()]);
  expect([one.kid, two.kid]).toEqual([first.kid, first.kid]);
  expect(await published()).toHaveLength(2);
});
