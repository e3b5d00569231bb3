import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type Changes, identityOf, principalId, snapshotOf, userAssigned } from '../../test/snapshots.ts';
import { foretoldReport } from './foretell.ts';
import { textReport } from './text.ts';

const changes: Changes = {
  sites: [
    {},
    {
      slot: 'staging',
      identity: identityOf('user'),
      config: {
        linuxFxVersion: 'DOCKER|hoge.azurecr.io/app:0.2.0',
        acrUserManagedIdentityID: userAssigned.clientId,
      },
      appSettings: { registryHost: 'hoge.azurecr.io', password: true },
    },
    { slot: 'test' },
  ],
};
const foretold = (...slots: [string, string?]) => foretoldReport(snapshotOf(changes), ...slots);
const text = (...slots: [string, string?]) => stripVTControlCharacters(textReport(foretold(...slots)));

test('what changes, per slot, then how the two sites stand after it', () => {
  const said = text('staging');
  expect(said.slice(0, said.indexOf('After the swap:'))).toBe(
    `Foretold: az webapp deployment slot swap -g blog -n hoge-app --slot staging --target-slot production

  The image and app settings that are no slot settings travel; identities,
  acrUseManagedIdentityCreds and acrUserManagedIdentityID stay. The swap starts staging anew before
  anything is exchanged, and again with what was production’s; production pulls as itself at its
  next restart, or on a new instance.

  hoge-app
  ~ image      DOCKER|hoge.azurecr.io/app:0.1.0 → DOCKER|hoge.azurecr.io/app:0.2.0
    pulled as  system-assigned identity, principal ${principalId}  stays
  ~ settings   none of DOCKER_REGISTRY_SERVER_* → DOCKER_REGISTRY_SERVER_URL (hoge.azurecr.io), DOCKER_REGISTRY_SERVER_PASSWORD
    pull       all links hold  stays

  hoge-app/staging
  ~ image      DOCKER|hoge.azurecr.io/app:0.2.0 → DOCKER|hoge.azurecr.io/app:0.1.0
    pulled as  user-assigned identity, principal ${userAssigned.principalId}  stays
  ~ settings   DOCKER_REGISTRY_SERVER_URL (hoge.azurecr.io), DOCKER_REGISTRY_SERVER_PASSWORD → none of DOCKER_REGISTRY_SERVER_*
    pull       broken at grant  stays

`,
  );
  expect(said).toMatch(/\nhoge-app {2}production .*\n\n {2}✔ image/);
  expect(said).toMatch(/G2 .* foretold/);
  expect(said).not.toContain('hoge-app/test');
  expect(said).toMatch(
    /After the swap 1 of 2 sites could not pull. First broken link: hoge-app\/staging: grant.\nMend it before the swap, as shown above, then look again.\n$/,
  );
});

test('of two slots that are not production', () => {
  expect(foretold('test', 'staging').sites.map(({ name }) => name)).toEqual([
    'hoge-app/staging',
    'hoge-app/test',
  ]);
  expect(foretold('test').ok).toBe(true);
  expect(text('test')).toContain(
    'Next: az webapp deployment slot swap -g blog -n hoge-app --slot test --target-slot production',
  );
});

test.each([
  [['nowhere'], 'hoge-app has no slot "nowhere"; it has: production, staging, test'],
  [['production'], 'A swap needs two slots; "production" is one.'],
] as [[string], string][])('%j is refused', (slots, message) => {
  expect(() => foretold(...slots)).toThrow(message);
});
