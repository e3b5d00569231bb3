import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ArmServer, root, startArmServer } from '../../../test/arm-server.ts';
import { type HttpServer, startHttpServer } from '../../../test/http-server.ts';
import type { Digest, Repository, Tag } from '../../registry/names.ts';
import type { RegistryEvent } from '../../registry/registry-events.ts';

const group = `${root}/resourceGroups/blog`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/hoge1`;
const digest = `sha256:${'a'.repeat(64)}` as Digest;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

/** A receiver on a loopback port, and what it was sent. */
interface Post {
  url: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into it by path.
  body: any;
}
let posts: Post[] = [];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
let receiver: HttpServer;
let arm: ArmServer;

beforeAll(async () => {
  receiver = await startHttpServer(async (request, response) => {
    posts.push({ url: request.url!, headers: request.headers, body: JSON.parse(await text(request)) });
    answer(response, request);
  });
});
beforeEach(async () => {
  posts = [];
  answer = (response) => response.end('thanks');
  arm = await startArmServer();
  await arm.call('PUT', group, { body: { location: 'japaneast' } });
  await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Standard' } } });
  return () => arm.close();
});
afterAll(() => receiver.close());

const webhook = (name = 'deploy') => `${registry}/webhooks/${name}`;
const put = (properties: Record<string, unknown>, name?: string) =>
  arm.call('PUT', webhook(name), {
    body: {
      location: 'japaneast',
      properties: { serviceUri: `${receiver.origin}/hook`, actions: ['push'], ...properties },
    },
  });
const listEvents = async (name?: string) =>
  (await arm.call('POST', `${webhook(name)}/listEvents`)).body.value;

const happened = (action: RegistryEvent['action'], repository = 'team/app', tags: string[] = []) =>
  arm.webhooks.onEvent({
    action,
    registry: 'hoge1.azurecr.io',
    repository: repository as Repository,
    mediaType,
    digest,
    size: 524,
    tags: tags as Tag[],
    request: { id: 'r1', host: 'hoge1.azurecr.io', method: 'PUT', useragent: 'docker/28' },
  });

describe('as a resource', () => {
  test('is made, read, listed, changed and deleted', async () => {
    const made = await put({ scope: 'team/app:*', customHeaders: { 'X-Key': 'k' } });
    expect(made).toMatchObject({
      status: 200,
      body: {
        id: webhook(),
        name: 'deploy',
        type: 'Microsoft.ContainerRegistry/registries/webhooks',
        location: 'japaneast',
        tags: {},
        properties: {
          status: 'enabled',
          scope: 'team/app:*',
          actions: ['push'],
          provisioningState: 'Succeeded',
        },
      },
    });
    expect((await arm.call('GET', webhook('DEPLOY'))).body).toEqual(made.body);
    expect((await arm.call('GET', `${registry}/webhooks`)).body.value).toEqual([made.body]);

    const changed = await arm.call('PATCH', webhook(), {
      body: { tags: { a: 'b' }, properties: { status: 'disabled', actions: ['delete', 'chart_push'] } },
    });
    expect(changed.body).toMatchObject({
      tags: { a: 'b' },
      properties: { status: 'disabled', scope: 'team/app:*', actions: ['delete', 'chart_push'] },
    });
    expect((await arm.call('POST', `${webhook()}/getCallbackConfig`)).body).toEqual({
      serviceUri: `${receiver.origin}/hook`,
      customHeaders: { 'X-Key': 'k' },
    });

    expect((await arm.call('DELETE', webhook())).status).toBe(200);
    expect((await arm.call('DELETE', webhook())).status).toBe(204);
    expect((await arm.call('GET', webhook())).body.error.code).toBe('ResourceNotFound');
  });

  test('no GET shows its URI and headers, and its events no credentials', async () => {
    const serviceUri = receiver.origin.replace('//', '//me:secret1@');
    const answers = [
      await put({ serviceUri, customHeaders: { Authorization: 'secret2' } }),
      await arm.call('GET', webhook()),
      await arm.call('GET', `${registry}/webhooks`),
      await arm.call('GET', `${root}/resources`),
      await arm.call('PATCH', webhook(), { body: { properties: { scope: '' } } }),
    ];
    await arm.call('POST', `${webhook()}/ping`);
    answers.push(await arm.call('POST', `${webhook()}/listEvents`));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/secret/);
    }
    expect((await arm.call('POST', `${webhook()}/getCallbackConfig`)).body.serviceUri).toBe(serviceUri);
    expect(arm.errors).toEqual([]);
  });

  test.each([
    ['a short name', 'hook', {}, 400, 'InvalidResourceName'],
    ['no URI', 'deploy', { serviceUri: null }, 400, 'InvalidRequest'],
    ['no action', 'deploy', { actions: [] }, 400, 'InvalidRequestContent'],
    ['an unknown action', 'deploy', { actions: ['pull'] }, 400, 'InvalidRequestContent'],
    ['an action that never happens here', 'deploy', { actions: ['quarantine'] }, 501, 'NotImplemented'],
    ['a relative URI', 'deploy', { serviceUri: '/hook' }, 400, 'InvalidRequestContent'],
    ['another protocol', 'deploy', { serviceUri: 'file:///etc/passwd' }, 400, 'InvalidRequestContent'],
    [
      'a user that does not decode',
      'deploy',
      { serviceUri: 'http://%zz@localhost/' },
      400,
      'InvalidRequestContent',
    ],
    ['a wrong scope', 'deploy', { scope: 'app:v*' }, 400, 'InvalidRequestContent'],
    ['a header that splits', 'deploy', { customHeaders: { a: 'b\r\nc: d' } }, 400, 'InvalidRequestContent'],
    ['a framing header', 'deploy', { customHeaders: { Host: 'a' } }, 400, 'InvalidRequestContent'],
  ])('with %s is refused', async (_what, name, properties, status, code) => {
    const refused = await put(properties, name);
    expect([refused.status, refused.body.error.code]).toEqual([status, code]);
  });

  test('has its region, which is the home of the registry', async () => {
    const body = { location: 'japanwest', properties: { serviceUri: receiver.origin, actions: ['push'] } };
    const refused = await arm.call('PUT', webhook(), { body });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'LocationNotAvailableForResourceType']);
  });

  test('there are as many as the tier allows, and usages count them', async () => {
    for (let i = 0; i < 10; i++) expect((await put({}, `deploy${i}`)).status).toBe(200);
    const refused = await put({}, 'deploy10');
    expect([refused.status, refused.body.error.code]).toEqual([403, 'QuotaExceeded']);
    expect((await put({ status: 'disabled' }, 'deploy9')).status).toBe(200);
    const { value } = (await arm.call('GET', `${registry}/listUsages`)).body;
    expect(value[1]).toEqual({ name: 'Webhooks', limit: 10, currentValue: 10, unit: 'Count' });
  });

  test('each operation has its own permission', async () => {
    await put({});
    const reader = arm.principal('reader');
    arm.grant(reader, 'Reader', registry);
    expect((await arm.call('GET', webhook(), { as: reader })).status).toBe(200);
    for (const operation of ['ping', 'getCallbackConfig', 'listEvents']) {
      const refused = await arm.call('POST', `${webhook()}/${operation}`, { as: reader });
      expect(refused.body.error).toMatchObject({
        code: 'AuthorizationFailed',
        message: expect.stringContaining(
          `'Microsoft.ContainerRegistry/registries/webhooks/${operation}/action' over scope '${webhook()}'`,
        ),
      });
    }
  });

  test('goes with its registry, and so do its events', async () => {
    await put({});
    await arm.call('POST', `${webhook()}/ping`);
    await arm.call('DELETE', registry);
    await arm.call('PUT', registry, { body: { location: 'japaneast', sku: { name: 'Basic' } } });
    expect((await arm.call('GET', webhook())).status).toBe(404);
    await put({});
    expect(await listEvents()).toEqual([]);
  });
});

describe('a push', () => {
  test('is posted once per tag, in order, with the custom headers', async () => {
    await put({ customHeaders: { 'X-Key': 'k' } });
    happened('push', 'team/app', ['1', 'latest']);
    await vi.waitFor(async () => expect(await listEvents()).toHaveLength(2));
    expect(posts.map(({ body }) => body.target.tag)).toEqual(['1', 'latest']);
    expect(posts[0]).toMatchObject({
      url: '/hook',
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-key': 'k' },
    });
    expect(posts[0]!.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      action: 'push',
      target: { mediaType, size: 524, digest, length: 524, repository: 'team/app', tag: '1' },
      request: { id: 'r1', host: 'hoge1.azurecr.io', method: 'PUT', useragent: 'docker/28' },
    });
    const [newest, oldest] = await listEvents();
    expect(newest.eventRequestMessage.content).toEqual(posts[1]!.body);
    expect(oldest).toMatchObject({
      id: posts[0]!.body.id,
      eventRequestMessage: {
        method: 'POST',
        requestUri: `${receiver.origin}/hook`,
        headers: { 'X-Key': 'k' },
      },
      eventResponseMessage: { content: 'thanks', reasonPhrase: 'OK', statusCode: '200', version: '1.1' },
    });
  });

  test('reaches those that are enabled, want the action, and have it in their scope', async () => {
    await put({ serviceUri: `${receiver.origin}/off`, status: 'disabled' }, 'off00');
    await put({ serviceUri: `${receiver.origin}/deletes`, actions: ['delete'] }, 'deletes');
    await put({ serviceUri: `${receiver.origin}/other`, scope: 'other:*' }, 'other');
    await put({ serviceUri: `${receiver.origin}/tag`, scope: 'team/app:2' }, 'tag00');
    await put({ serviceUri: `${receiver.origin}/all`, actions: ['push', 'delete'] }, 'all00');
    happened('push', 'team/app', ['1']);
    happened('push', 'team/app', ['2']);
    happened('push');
    happened('delete');
    await vi.waitFor(() => expect(posts).toHaveLength(6));
    const seen = posts.map(({ url, body }) => `${url} ${body.action} ${body.target.tag ?? ''}`);
    expect(seen.sort()).toEqual([
      '/all delete ',
      '/all push ',
      '/all push 1',
      '/all push 2',
      '/deletes delete ',
      '/tag push 2',
    ]);
    expect(posts.find(({ url }) => url === '/deletes')?.body.target).toEqual({
      mediaType,
      digest,
      repository: 'team/app',
    });
  });
});

describe('a ping', () => {
  const ping = async () => (await arm.call('POST', `${webhook()}/ping`)).body.id;

  test('is answered with the id of its event', async () => {
    await put({ status: 'disabled', customHeaders: { 'content-type': 'application/x-mine' } });
    const id = await ping();
    expect(posts).toHaveLength(1);
    expect(posts[0]!.headers['content-type']).toBe('application/x-mine');
    expect(posts[0]!.body).toEqual({ id, timestamp: posts[0]!.body.timestamp, action: 'ping' });
    expect(await listEvents()).toMatchObject([{ id, eventResponseMessage: { statusCode: '200' } }]);
  });

  test('a user and password in the URI are sent as Basic credentials, and shown to nobody', async () => {
    await put({ serviceUri: receiver.origin.replace('//', '//%24me:p%40ss@') });
    await ping();
    expect(posts[0]!.headers.authorization).toBe(`Basic ${Buffer.from('$me:p@ss').toString('base64')}`);
    expect((await listEvents())[0].eventRequestMessage).toMatchObject({
      requestUri: `${receiver.origin}/`,
      headers: { Authorization: '******' },
    });
  });

  test('what the receiver refuses or redirects is recorded as it is, and not followed or repeated', async () => {
    await put({});
    answer = (response) => response.writeHead(302, 'Go there', { location: 'http://example.com/' }).end();
    await ping();
    answer = (response) => response.writeHead(500).end('x'.repeat(100_000));
    await ping();
    const [failed, redirected] = await listEvents();
    expect(failed.eventResponseMessage).toMatchObject({ statusCode: '500' });
    expect(failed.eventResponseMessage.content).toHaveLength(16 * 1024);
    expect(redirected.eventResponseMessage).toMatchObject({
      statusCode: '302',
      reasonPhrase: 'Go there',
      headers: { location: 'http://example.com/' },
    });
    expect(posts).toHaveLength(2);
  });

  test('a receiver that is silent for five seconds has timed out', async () => {
    await put({});
    const asked = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const done = ping();
    await asked;
    await arm.advance(5000);
    await done;
    expect((await listEvents())[0].eventResponseMessage).toEqual({
      content: 'Operation timed out.',
      reasonPhrase: 'GatewayTimeout',
      statusCode: '504',
    });
  });

  test.each([
    [
      'http://example.com/',
      "local-azure answers for Azure's own hosts only, and example.com is not one of them.",
    ],
    ['http://10.0.0.1/', '10.0.0.1 is not one of them'],
    ['http://[::ffff:7f00:1]/', 'is not one of them'],
    ['http://hoge.azurewebsites.net/', 'hoge.azurewebsites.net is served over HTTPS only.'],
  ])('%s is not reached, and the event says why', async (serviceUri, why) => {
    await put({ serviceUri });
    await ping();
    const [event] = await listEvents();
    expect(event.eventResponseMessage).toMatchObject({ statusCode: '502', reasonPhrase: 'BadGateway' });
    expect(event.eventResponseMessage.content).toContain(why);
  });

  test('a port where nobody listens is a failure, too', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as { port: number };
    nobody.close();
    await put({ serviceUri: `http://localhost:${port}/` });
    await ping();
    const [event] = await listEvents();
    expect(event.eventResponseMessage.content).toContain('ECONNREFUSED');
  });
});

test('the last hundred events are kept', async () => {
  await put({});
  for (let i = 0; i < 103; i++) happened('push', 'team/app', [`${i}`]);
  await vi.waitFor(() => expect(posts).toHaveLength(103), { timeout: 10_000 });
  await vi.waitFor(async () => {
    const tags = (await listEvents()).map(
      (event: { eventRequestMessage: { content: { target: { tag: string } } } }) =>
        event.eventRequestMessage.content.target.tag,
    );
    expect([tags.length, tags[0], tags.at(-1)]).toEqual([100, '102', '3']);
  });
});

test('closing gives up what is under way, and waits for nobody', async () => {
  await put({});
  const asked = new Promise<void>((resolve) => {
    answer = () => resolve();
  });
  happened('push', 'team/app', ['1', '2']);
  await asked;
  await arm.webhooks.close();
  expect(posts).toHaveLength(1);
  expect(arm.errors).toEqual([]);
});
