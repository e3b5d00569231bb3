import { beforeEach, describe, expect, test } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';
import { type ImportOrder, ImportRefused } from '../../registry/import-order.ts';

const group = `${root}/resourceGroups/blog`;
const registry = (name: string) => `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
const [target, source] = [registry('target1'), registry('source1')];
const digest = `sha256:${'a'.repeat(64)}`;
let arm: ArmServer;

beforeEach(async () => {
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  const body = { location: 'japaneast', sku: { name: 'Premium' } };
  for (const id of [target, source]) await arm.call('PUT', id, { body });
  return () => arm.close();
});

const bySourceId = { source: { resourceId: source, sourceImage: 'team/app:1' }, targetTags: ['app:1'] };
const importImage = (body: unknown, options = {}) =>
  arm.call('POST', `${target}/importImage`, { body, ...options });
/** What an accepted import answers in the end. */
const outcome = async (location: string) => arm.call('GET', new URL(location).pathname);

describe('an import', () => {
  test('is accepted at once, and its outcome asked for where it says', async () => {
    let finish = () => {};
    arm.imports.run = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const accepted = await importImage(bySourceId);
    expect(accepted.status).toBe(202);
    const location = accepted.headers.get('location')!;
    expect(location).toMatch(
      /^https:\/\/management\.azure\.com\/subscriptions\/[0-9a-f-]+\/providers\/Microsoft\.ContainerRegistry\/locations\/JAPANEAST\/operationResults\/registries-[0-9a-f-]+\?api-version=/,
    );
    const running = await outcome(location);
    expect([running.status, running.headers.get('location')]).toEqual([202, location]);
    finish();
    expect((await outcome(location)).status).toBe(200);
    const stranger = arm.principal('stranger');
    expect((await arm.call('GET', new URL(location).pathname, { as: stranger })).status).toBe(404);
  });

  test('that fails says so there, in the words of the registry', async () => {
    arm.imports.run = () => Promise.reject(new ImportRefused('Invalid message NotFound NotFound {}'));
    const location = (await importImage(bySourceId)).headers.get('location')!;
    const { status, body } = await outcome(location);
    expect([status, body.error.code]).toEqual([400, 'InvalidParameters']);
    const id = new URL(location).pathname.split('/').at(-1);
    expect(body.error.message).toBe(
      `Operation ${id} failed. Resource ${target} Invalid message NotFound NotFound {}`,
    );
  });

  test('that would move a tag is refused at once', async () => {
    arm.imports.check = () => {
      throw new ImportRefused('Tag app:1 already exists in target registry.');
    };
    const { status, body } = await importImage(bySourceId);
    expect([status, body.error]).toEqual([
      409,
      { code: 'Conflict', message: 'Tag app:1 already exists in target registry.' },
    ]);
    expect(arm.orders).toEqual([]);
  });

  const orderOf = async (body: unknown): Promise<ImportOrder> => {
    expect((await importImage(body)).status).toBe(202);
    return arm.orders[0]!;
  };

  test.each([
    ['app:1', undefined, { repository: 'app', reference: { tag: '1' } }],
    ['app', undefined, { repository: 'app', reference: { tag: 'latest' } }],
    [`team/app@${digest}`, undefined, { repository: 'team/app', reference: { digest } }],
  ])('of %s', async (sourceImage, _, expected) => {
    const { source: read } = await orderOf({ ...bySourceId, source: { resourceId: source, sourceImage } });
    expect(read).toMatchObject({
      ...expected,
      registry: 'source1.azurecr.io',
      reader: { kind: 'principal', principalId: arm.owner.id },
    });
  });

  test.each([
    ['team/app:1', ['x:2'], [], [{ repository: 'x', tags: ['2'] }]],
    [
      'team/app:1',
      ['x', 'y'],
      [],
      [
        { repository: 'x', tags: ['1'] },
        { repository: 'y', tags: ['1'] },
      ],
    ],
    [
      `app@${digest}`,
      ['x'],
      ['z'],
      [
        { repository: 'x', tags: ['latest'] },
        { repository: 'z', tags: [] },
      ],
    ],
  ])('of %s to %j and %j', async (sourceImage, targetTags, untaggedTargetRepositories, places) => {
    const order = await orderOf({
      source: { resourceId: source, sourceImage },
      targetTags,
      untaggedTargetRepositories,
      mode: 'force',
    });
    expect(order).toMatchObject({ target: { registry: 'target1.azurecr.io', places }, force: true });
  });

  test.each([
    [undefined, { kind: 'anonymous' }],
    [
      { username: 'u', password: 'p' },
      { kind: 'password', username: 'u', password: 'p' },
    ],
    [{ password: 'p' }, { kind: 'password', password: 'p' }],
  ])('by login server, with %j', async (credentials, reader) => {
    const { source: read } = await orderOf({
      ...bySourceId,
      source: { registryUri: 'Source1.azurecr.io', sourceImage: 'app:1', credentials },
    });
    expect(read).toMatchObject({ registry: 'source1.azurecr.io', reader });
  });
});

describe('is refused', () => {
  const from = (more: Record<string, unknown>) => ({
    source: { sourceImage: 'app:1', ...more },
    targetTags: ['a'],
  });
  test.each([
    ['without a source', from({}), 400, 'InvalidParameters'],
    [
      'with two sources',
      from({ resourceId: source, registryUri: 'source1.azurecr.io' }),
      400,
      'InvalidParameters',
    ],
    ['without a target', { ...from({ resourceId: source }), targetTags: [] }, 400, 'InvalidParameters'],
    ['with a bad image', from({ resourceId: source, sourceImage: 'App:1' }), 400, 'InvalidParameters'],
    ['with a bad tag', from({ resourceId: source, sourceImage: 'app:1:2' }), 400, 'InvalidParameters'],
    [
      'with a bad digest',
      from({ resourceId: source, sourceImage: 'app@sha256:1' }),
      400,
      'InvalidParameters',
    ],
    [
      'with a bad target',
      { ...from({ resourceId: source }), targetTags: ['../a'] },
      400,
      'InvalidParameters',
    ],
    ['with a bad mode', { ...from({ resourceId: source }), mode: 'Maybe' }, 400, 'InvalidRequestContent'],
    ['without a body', undefined, 400, 'InvalidRequestContent'],
    ['from a registry that is not there', from({ resourceId: registry('nothing') }), 404, 'ResourceNotFound'],
    ['from what is no registry', from({ resourceId: group }), 404, 'ResourceNotFound'],
    ['from what is no address', from({ registryUri: 'a b' }), 400, 'InvalidParameters'],
    ['from elsewhere', from({ registryUri: 'docker.io' }), 400, 'InvalidParameters'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await importImage(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(arm.orders).toEqual([]);
  });

  test('from elsewhere with the way to allow it; this machine is not elsewhere', async () => {
    const { body } = await importImage(from({ registryUri: 'docker.io' }));
    expect(body.error.message).toContain('docker.io is not one of them. Start it with --allow-other-hosts');
    expect((await importImage(from({ registryUri: 'localhost:5000' }))).status).toBe(202);
    expect(arm.orders[0]!.source).toMatchObject({
      registry: 'localhost:5000',
      reader: { kind: 'anonymous' },
    });
  });

  test('to who may not import into the target, or not read the source', async () => {
    const somebody = arm.principal('somebody');
    arm.grant(somebody, 'Reader', target);
    const refused = await importImage(bySourceId, { as: somebody });
    expect(refused.body.error).toMatchObject({
      code: 'AuthorizationFailed',
      message: expect.stringContaining(`importImage/action' over scope '${target}'`),
    });

    arm.grant(somebody, 'Container Registry Data Importer and Data Reader', target);
    const linked = await importImage(bySourceId, { as: somebody });
    expect([linked.status, linked.body.error.code]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect(linked.body.error.message).toContain(
      `importImage/action' on scope '${target}'; however, it does not have permission to perform action 'read' on the ` +
        `linked scope(s) '${source}'`,
    );

    arm.grant(somebody, 'Container Registry Data Importer and Data Reader', source);
    expect((await importImage(bySourceId, { as: somebody })).status).toBe(202);
  });

  test.each([target, source])('where network rules stop even services that Azure trusts', async (id) => {
    const closed = { publicNetworkAccess: 'Disabled' };
    await arm.call('PATCH', id, { body: { properties: closed } });
    expect((await importImage(bySourceId)).status).toBe(202);
    await arm.call('PATCH', id, { body: { properties: { networkRuleBypassOptions: 'None' } } });
    expect((await importImage(bySourceId)).body.error.code).toBe('Forbidden');
  });
});
