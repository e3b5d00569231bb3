import { expect, test } from 'vitest';
import { fakeAzure, forbidden } from '../../test/fake-azure.ts';
import { registryId } from '../../test/snapshots.ts';
import { isInScope, webhookReader } from './gather-webhooks.ts';
import { known } from './snapshot.ts';

const image = { host: 'hoge.azurecr.io', repository: 'team/app', tag: '1' };

test.each([
  ['', true],
  ['team/app:1', true],
  ['team/app:*', true],
  ['team/app:2', false],
  ['team/app', false],
  ['team', false],
  ['app:1', false],
])('the scope "%s": %s', (scope, expected) => expect(isInScope(scope, image)).toBe(expected));

test('a scope without a tag is one of latest', () => {
  expect(isInScope('team/app', { ...image, tag: 'latest' })).toBe(true);
});

const webhook = (name: string, changes = {}) => ({
  id: `${registryId}/webhooks/${name}`,
  properties: { status: 'enabled', scope: 'team/app:1', actions: ['push'], ...changes },
});
const event = (timestamp: string, statusCode: string) => ({
  eventRequestMessage: {
    requestUri: 'https://$hoge-app:shibboleth@hoge-app.scm.azurewebsites.net/api/registry/webhook',
    content: { timestamp },
  },
  eventResponseMessage: { statusCode },
});

test('of the webhooks that a push sets off the last event is read, and no secret kept', async () => {
  const azure = fakeAzure([
    [
      /GET \S+\/webhooks$/,
      {
        value: [
          webhook('ours'),
          webhook('secret'),
          webhook('silent'),
          webhook('off', { status: 'disabled' }),
          webhook('deletions', { actions: ['delete'] }),
          webhook('others', { scope: 'other:*' }),
        ],
      },
    ],
    [/POST \S+\/ours\/listEvents/, { value: [event('2026-01-01', '202'), event('2026-01-02', '401')] }],
    [/POST \S+\/secret\/listEvents/, forbidden('…/listEvents/action')],
    [/POST \S+\/silent\/listEvents/, { value: [] }],
  ]);
  const webhooks = await webhookReader(azure.resourceManager, async () => known(registryId))(image);
  const lastEvent = { known: true, value: { host: 'hoge-app.scm.azurewebsites.net', statusCode: '401' } };
  expect(webhooks).toMatchObject({
    value: [{ lastEvent }, { lastEvent: { known: false } }, { lastEvent: known(null) }],
  });
  expect(JSON.stringify(webhooks)).not.toContain('shibboleth');
});
