import { afterAll, beforeAll, expect, test } from 'vitest';
import { registries } from '../../test/request-bodies.ts';
import {
  app,
  group,
  plan,
  siteBody,
  slot,
  startWebServer,
  type WebServer,
  web,
} from '../../test/web-server.ts';

// What lists answer in pages, over the wire: a page of one item at a time shows what the whole list shows.

const location = 'japaneast';
const registry = `${registries}/hoge1`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
const assignments = '/providers/Microsoft.Authorization/roleAssignments';
let at: WebServer;

beforeAll(async () => {
  at = await startWebServer();
  const make = async (path: string, body: object) =>
    expect((await at.call('PUT', path, { body })).status).toBeLessThan(300);
  for (const name of ['hoge1', 'hoge2', 'hoge3']) {
    await make(`${registries}/${name}`, { location, sku: { name: 'Premium' } });
    await make(`${identity}${name}`, { location });
    await make(app(name), siteBody());
    await make(slot('hoge1', name), siteBody());
    await make(`${registry}/webhooks/${name}`, {
      location,
      properties: { serviceUri: 'http://127.0.0.1:1', actions: ['push'] },
    });
    await make(`${registry}/tokens/${name}`, {
      properties: { scopeMapId: `${registry}/scopeMaps/_repositories_pull` },
    });
    at.grant(at.principal(name), 'AcrPull', name === 'hoge2' ? group : registry);
  }
  await make(identity, { location });
  for (const subject of ['one', 'Two', 'three']) {
    const properties = {
      issuer: 'https://issuer.example',
      subject,
      audiences: ['api://AzureADTokenExchange'],
    };
    await make(`${identity}/federatedIdentityCredentials/${subject}`, { properties });
  }
});
afterAll(() => at.close());

test.each([
  registries,
  `${registry}/webhooks`,
  `${registry}/tokens`,
  `${registry}/scopeMaps`,
  `${web}/serverfarms`,
  `${plan('plan')}/sites`,
  `${web}/sites`,
  `${app('hoge1')}/slots`,
  identity.slice(0, identity.lastIndexOf('/')),
  `${identity}/federatedIdentityCredentials`,
  `${group}${assignments}`,
  `${registry}${assignments}?$filter=atScope()`,
  `${group}/resources`,
])('%s', async (list) => {
  const whole = (await at.call('GET', list)).body;
  expect(whole.nextLink ?? null).toBeNull();
  expect(whole.value.length).toBeGreaterThanOrEqual(3);
  const shown: unknown[] = [];
  for (let next: string | undefined = `${list}${list.includes('?') ? '&' : '?'}$top=1`; next; ) {
    const { value, nextLink }: { value: unknown[]; nextLink?: string } = (await at.call('GET', next)).body;
    expect(value).toHaveLength(1);
    shown.push(...value);
    next = nextLink ? withoutVersion(nextLink) : undefined;
  }
  expect(shown).toEqual(whole.value);
});

/** A link as `call` takes it, which adds the api-version. */
function withoutVersion(link: string): string {
  const { pathname, searchParams } = new URL(link);
  searchParams.delete('api-version');
  return `${pathname}?${searchParams}`;
}
