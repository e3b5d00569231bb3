import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer, subscription } from '../../../test/arm-server.ts';

const group = `${root}/resourceGroups/Blog`;
const registries = `${group}/providers/Microsoft.ContainerRegistry/registries`;
const registry = { location: 'japaneast', sku: { name: 'Basic' } };
let arm: ArmServer;

beforeEach(async () => {
  arm = await startArmServer();
});
afterEach(() => arm.close());

describe('subscriptions', () => {
  test('there is one, with its tenant and its locations', async () => {
    const shown = { subscriptionId: subscription.id, tenantId: subscription.tenantId, state: 'Enabled' };
    expect((await arm.call('GET', '/subscriptions')).body.value).toMatchObject([shown]);
    expect((await arm.call('GET', root)).body).toMatchObject(shown);
    expect((await arm.call('GET', '/tenants')).body.value).toMatchObject([
      { tenantId: subscription.tenantId },
    ]);
    const { body } = await arm.call('GET', `${root}/locations`);
    expect(body.value).toContainEqual(
      expect.objectContaining({ name: 'japaneast', displayName: 'Japan East' }),
    );
  });
});

describe('resource groups', () => {
  test('are made once, updated, and found in any case', async () => {
    const body = { location: 'Japan East', tags: { env: 'test' } };
    expect(await arm.call('PUT', group, { body })).toMatchObject({
      status: 201,
      body: {
        id: group,
        name: 'Blog',
        location: 'japaneast',
        properties: { provisioningState: 'Succeeded' },
      },
    });
    expect((await arm.call('PUT', group.toLowerCase(), { body })).status).toBe(200);
    expect((await arm.call('PATCH', group, { body: { tags: { env: 'live' } } })).body).toMatchObject({
      location: 'japaneast',
      tags: { env: 'live' },
    });
    expect(
      (await arm.call('GET', group.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions'))).body.id,
    ).toBe(group);
    const tagged = async (filter: string) =>
      (await arm.call('GET', `${root}/resourceGroups?$filter=${encodeURIComponent(filter)}`)).body.value
        .length;
    expect(await tagged("tagName eq 'env' and tagValue eq 'live'")).toBe(1);
    expect(await tagged("tagName eq 'env' and tagValue eq 'test'")).toBe(0);
  });

  test.each([
    ['no location', 'Blog', {}, 400, 'LocationRequired'],
    ['an unknown location', 'Blog', { location: 'atlantis' }, 400, 'LocationNotAvailableForResourceGroup'],
    ['a location of a wrong type', 'Blog', { location: 7 }, 400, 'InvalidRequestContent'],
    ['a bad name', 'a*b', { location: 'japaneast' }, 400, 'InvalidResourceGroup'],
    ['a period at the end', 'ab.', { location: 'japaneast' }, 400, 'InvalidResourceGroup'],
  ])('with %s are refused', async (_name, name, body, status, code) => {
    const answer = await arm.call('PUT', `${root}/resourceGroups/${encodeURIComponent(name)}`, { body });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  test('do not move', async () => {
    await arm.call('PUT', group, { body: { location: 'japaneast' } });
    const moved = await arm.call('PUT', group, { body: { location: 'japanwest' } });
    expect([moved.status, moved.body.error.code]).toEqual([409, 'InvalidResourceGroupLocation']);
  });

  test('go with all they hold: resources through their providers, and the grants on them', async () => {
    await arm.call('PUT', group, { body: { location: 'japaneast' } });
    await arm.call('PUT', `${registries}/hoge1`, { body: registry });
    await arm.call('PUT', `${registries}/hoge2`, { body: registry });
    const app = arm.principal('app');
    arm.grant(app, 'AcrPull', `${registries}/hoge1`);
    arm.grant(app, 'Reader', group);
    arm.grant(app, 'Reader', root);

    const accepted = await arm.call('DELETE', group);
    expect([accepted.status, accepted.headers.get('retry-after')]).toEqual([202, '1']);
    const poll = new URL(accepted.headers.get('location')!);
    expect(poll.host).toBe('management.azure.com');
    await expect.poll(async () => (await arm.call('GET', poll.pathname)).status).toBe(200);
    expect((await arm.call('GET', poll.pathname, { as: app })).status).toBe(404);

    expect((await arm.call('GET', group)).status).toBe(404);
    expect(arm.deleted.sort()).toEqual(['hoge1.azurecr.io', 'hoge2.azurecr.io']);
    expect(arm.assignments.ofPrincipal(app.id).map(({ scope }) => scope)).toEqual([root]);
    expect((await arm.call('DELETE', group)).body.error.code).toBe('ResourceGroupNotFound');
  });
});

describe('resource providers', () => {
  test('are listed with the types that their routes serve, and can be registered', async () => {
    const url = `${root}/providers/microsoft.containerregistry`;
    const { body } = await arm.call('GET', url);
    expect(body).toMatchObject({ namespace: 'Microsoft.ContainerRegistry', registrationState: 'Registered' });
    expect(body.resourceTypes).toContainEqual(
      expect.objectContaining({ resourceType: 'registries', apiVersions: expect.any(Array) }),
    );
    expect((await arm.call('POST', `${url}/register`)).status).toBe(200);
    expect((await arm.call('GET', '/providers')).body.value).toContainEqual(
      expect.objectContaining({ namespace: 'Microsoft.Web' }),
    );
    expect((await arm.call('GET', `${root}/providers`)).body.value.length).toBeGreaterThan(3);
    expect((await arm.call('GET', `${root}/providers/Nothing`)).body.error.code).toBe(
      'InvalidResourceNamespace',
    );
  });
});

describe('the list of resources', () => {
  test('is filtered, and shows times when asked', async () => {
    await arm.call('PUT', group, { body: { location: 'japaneast' } });
    await arm.call('PUT', `${registries}/hoge1`, { body: { ...registry, tags: { a: 'b' } } });
    await arm.call('PUT', `${registries}/hoge2`, { body: registry });
    const names = async (scope: string, filter: string) => {
      const { body } = await arm.call('GET', `${scope}/resources?$filter=${encodeURIComponent(filter)}`);
      return body.value?.map((one: { name: string }) => one.name) ?? body.error.code;
    };
    expect(await names(root, "resourceType eq 'microsoft.containerregistry/REGISTRIES'")).toEqual([
      'hoge1',
      'hoge2',
    ]);
    expect(await names(root, "resourceType eq 'Microsoft.Web/sites'")).toEqual([]);
    expect(await names(root, "resourceGroup eq 'blog' and name eq 'hoge2'")).toEqual(['hoge2']);
    expect(await names(root, "tagName eq 'a' and tagValue eq 'b'")).toEqual(['hoge1']);
    expect(await names(root, "tagName eq 'a' and tagValue eq 'c'")).toEqual([]);
    expect(await names(root, "substringof('GE2', name)")).toEqual(['hoge2']);
    expect(await names(root, "substringof('GE2', location)")).toBe('InvalidFilterInQueryString');
    expect(await names(group, '')).toEqual(['hoge1', 'hoge2']);
    expect(await names(root, "colour eq 'red'")).toBe('InvalidFilterInQueryString');

    const { body } = await arm.call('GET', `${root}/resources?$top=1&$expand=createdTime,provisioningState`);
    expect(body.value).toMatchObject([
      {
        type: 'Microsoft.ContainerRegistry/registries',
        createdTime: '2026-11-23T00:00:00.000Z',
        sku: { name: 'Basic' },
      },
    ]);
    expect((await arm.call('GET', `${root}/resources?$top=x`)).status).toBe(400);

    const next = new URL(body.nextLink);
    const rest = (await arm.call('GET', `${next.pathname}${next.search}`)).body;
    expect(rest).toMatchObject({ value: [{ name: 'hoge2' }] });
    expect(rest.nextLink).toBeUndefined();
  });
});
