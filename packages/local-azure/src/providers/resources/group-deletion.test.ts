import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../../../test/arm-server.ts';
import { app, group, plan, siteBody, startWebServer, type WebServer } from '../../../test/web-server.ts';

let at: WebServer;
beforeEach(async () => {
  at = await startWebServer();
});
afterEach(() => at.close());

const other = `${root}/resourceGroups/other`;
const poll = async (location: string) => {
  const path = new URL(location).pathname;
  await expect.poll(async () => (await at.call('GET', path)).status).not.toBe(202);
  return at.call('GET', path);
};
const remove = () => at.call('DELETE', group);
const stateOf = async (id: string) => (await at.call('GET', id)).body.properties?.provisioningState;

test('a group goes with its plans, apps and slots, and those who ask twice ask for the same', async () => {
  const name = await at.makeApp();
  await at.call('PUT', `${app(name)}/slots/staging`, { body: siteBody() });
  at.takeAsked();
  const [first, second] = [await remove(), await remove()];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect((await poll(first.headers.get('location')!)).status).toBe(200);
  expect((await at.call('GET', group)).status).toBe(404);
  expect(at.resources.list(group, 'Microsoft.Web/sites')).toEqual([]);
  expect(at.takeAsked()).toEqual([`remove ${name}/slots/staging`, `remove ${name}`]);
});

test('a group whose plan has an app elsewhere stays, and says why', async () => {
  await at.call('PUT', other, { body: { location: 'japaneast' } });
  const elsewhere = `${other}/providers/Microsoft.Web/sites/elsewhere`;
  expect((await at.call('PUT', elsewhere, { body: siteBody() })).status).toBe(200);
  const { headers } = await remove();
  const failed = await poll(headers.get('location')!);
  expect([failed.status, failed.body.error.code]).toEqual([409, 'ResourceGroupDeletionBlocked']);
  expect(failed.body.error.message).toContain("'Microsoft.Web/serverfarms/plan'");
  expect(await stateOf(group)).toBe('Succeeded');
  expect((await at.call('GET', plan('plan'))).status).toBe(200);
  expect((await at.call('PATCH', group, { body: { tags: { a: 'b' } } })).status).toBe(200);
});

test('a deletion that a killed process left is finished by the next one, and can be polled as before', async () => {
  await at.makeApp();
  const operationId = 'of-the-killed-process';
  const { body } = at.resources.get(group)!;
  const caller = { oid: at.owner.id, appid: at.owner.appId };
  const deletion = { operationId, caller };
  at.resources.put(group, 'Microsoft.Resources/resourceGroups', {
    ...body,
    properties: { provisioningState: 'Deleting', deletion },
  });
  expect(await stateOf(group)).toBe('Deleting');
  for (const method of ['PUT', 'PATCH']) {
    const refused = await at.call(method, group, { body: { location: 'japaneast' } });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ResourceGroupBeingDeleted']);
  }
  expect((await at.call('PUT', app('late'), { body: siteBody() })).status).toBe(409);

  at.resume();
  const polled = await poll(`https://management.azure.com${root}/operationresults/${operationId}`);
  expect(polled.status).toBe(200);
  expect((await at.call('GET', group)).status).toBe(404);
});

test('the outcome of an operation is forgotten after an hour', async () => {
  const { headers } = await remove();
  const location = headers.get('location')!;
  expect((await poll(location)).status).toBe(200);
  await at.advance(60 * 60 * 1000 + 1);
  await at.call('PUT', other, { body: { location: 'japaneast' } });
  await at.call('DELETE', other);
  expect((await poll(location)).body.error.code).toBe('OperationNotFound');
});
