import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCredentials } from './credentials.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(() => rm(folder, { recursive: true }));

const whole = {
  ...{ tenantId: 't', subscriptionId: 's', clientId: 'c', clientSecret: 'x', objectId: 'o' },
  ...{ userPrincipalName: 'u', userPassword: 'p' },
};
const { objectId: _, ...part } = whole;

test.each([
  ['all of them', JSON.stringify(whole), whole],
  ['half a file', '{"tenantId": "t', undefined],
  ['null', 'null', undefined],
  ['a member missing', JSON.stringify(part), undefined],
  ['a member of another type', JSON.stringify({ ...whole, objectId: 1 }), undefined],
])('%s', async (_what, text, expected) => {
  const file = join(folder, 'credentials.json');
  await writeFile(file, text);
  expect(await readCredentials(file)).toEqual(expected);
});

test('no file', async () => {
  expect(await readCredentials(join(folder, 'none'))).toBeUndefined();
});
