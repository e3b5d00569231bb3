import { describe, expect, test } from 'vitest';
import { callerIds, signedIn } from './caller.ts';

const credentialOf = (token: string) => ({ getToken: async () => ({ token, expiresOnTimestamp: 0 }) });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { oid: 'principal', tid: 'tenant', groups: ['group'], name: 'Somebody' };

describe.each([
  ['a token that tells', `${encode({})}.${encode(claims)}.x`, claims, ['principal', 'group']],
  [
    'one without groups',
    `${encode({})}.${encode({ oid: 'principal' })}.x`,
    { oid: 'principal' },
    ['principal'],
  ],
  ['one that nobody here can read', 'opaque', {}, []],
])('%s', (_, token, { oid, tid }: { oid?: string; tid?: string }, ids) => {
  const credential = credentialOf(token);
  test('who is signed in', async () => expect(await signedIn(credential)).toEqual({ oid, tid }));
  test('the ids that it goes by', async () => expect(await callerIds(credential)).toEqual(ids));
});
