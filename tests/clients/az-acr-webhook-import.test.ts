import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// The commands that manage a registry as a whole, its webhooks, and imports, by an unmodified `az`.

const lacking = missing('az', 'skopeo', 'unshare');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program }) => {
  let azure: LocalAzureProcess;
  let receiver: Server;
  let hook: string;
  let digest: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
  const received: any[] = [];

  const az = (...args: string[]) => runAz(azure, program, args);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);

  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await json(request) });
      response.end('thanks');
    }).listen(0, '127.0.0.1');
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await signIn(azure, program);
    await az('group', 'create', '-n', 'blog', '-l', 'japaneast');
    await az('acr', 'create', '-g', 'blog', '-n', 'hogehoge', '--sku', 'Premium', '--admin-enabled', 'true');
    await az('acr', 'create', '-g', 'blog', '-n', 'target1', '--sku', 'Premium');
  });
  afterAll(async () => {
    receiver?.close();
    await azure?.stop();
  });

  test('az acr list, show, update, check-name, show-usage, credential, show-endpoints, config', async () => {
    expect(await az('acr', 'list', '--query', '[].name')).toEqual(['hogehoge', 'target1']);
    expect(await az('acr', 'show', '-n', 'target1')).toMatchObject({ loginServer: 'target1.azurecr.io' });
    expect(await az('acr', 'update', '-n', 'target1', '--admin-enabled', 'true')).toMatchObject({
      adminUserEnabled: true,
    });
    expect(await az('acr', 'check-name', '-n', 'target1')).toMatchObject({ nameAvailable: false });
    expect(await az('acr', 'check-name', '-n', 'target2')).toMatchObject({ nameAvailable: true });
    const usage = await az('acr', 'show-usage', '-n', 'target1');
    expect(usage.value).toMatchObject([
      { name: 'Size', currentValue: 0, unit: 'Bytes' },
      { name: 'Webhooks', currentValue: 0, limit: 500 },
      { name: 'Geo-replications', currentValue: 1 },
    ]);
    const before = await az('acr', 'credential', 'show', '-n', 'target1');
    const renew = ['credential', 'renew', '-n', 'target1', '--password-name', 'password2'];
    const after = await az('acr', ...renew);
    expect(after.passwords[0]).toEqual(before.passwords[0]);
    expect(after.passwords[1].value).not.toBe(before.passwords[1].value);
    expect(await az('acr', 'show-endpoints', '-n', 'target1')).toMatchObject({
      loginServer: 'target1.azurecr.io',
    });
    const asArm = ['acr', 'config', 'authentication-as-arm'];
    await az(...asArm, 'update', '-r', 'target1', '--status', 'disabled');
    expect(await az(...asArm, 'show', '-r', 'target1')).toMatchObject({ status: 'disabled' });
  });

  test('az acr replication, private-endpoint-connection: there are none', async () => {
    expect(await az('acr', 'replication', 'list', '-r', 'target1')).toEqual([]);
    expect(await az('acr', 'private-endpoint-connection', 'list', '-r', 'target1')).toEqual([]);
    const refused = await refusal('acr', 'replication', 'create', '-r', 'target1', '-l', 'westus');
    expect(refused).toContain('does not implement geo-replication');
  });

  // The command asks the resolver itself for the registry's address, whatever proxy it has: it gets a hosts file.
  test('az acr check-health, as far as it needs no Docker', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
    const hosts = join(folder, 'hosts');
    await writeFile(hosts, '127.0.0.1 localhost hogehoge.azurecr.io\n');
    const { stderr } = await azure.run('unshare', [
      ...['--user', '--map-root-user', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"'],
      ...[hosts, program, 'acr', 'check-health', '-n', 'hogehoge', '--ignore-errors', '--yes'],
    ]);
    await rm(folder, { recursive: true });
    expect(stderr).toContain('DNS lookup to hogehoge.azurecr.io at IP 127.0.0.1 : OK');
    expect(stderr).toContain('Challenge endpoint https://hogehoge.azurecr.io/v2/ : OK');
    expect(stderr).toContain("Fetch refresh token for registry 'hogehoge.azurecr.io' : OK");
    expect(stderr).toContain("Fetch access token for registry 'hogehoge.azurecr.io' : OK");
  });

  const onWebhook = ['-n', 'deploy', '-r', 'hogehoge'];

  test('az acr webhook create, list, show, update, get-config', async () => {
    const made = await az(
      ...['acr', 'webhook', 'create', ...onWebhook, '--uri', hook, '--actions', 'push', 'delete'],
      ...['--headers', 'X-Key=k', '--scope', 'team/hello:*'],
    );
    expect(made).toMatchObject({ status: 'enabled', scope: 'team/hello:*', actions: ['push', 'delete'] });
    expect(await az('acr', 'webhook', 'list', '-r', 'hogehoge')).toMatchObject([{ name: 'deploy' }]);
    const changed = await az('acr', 'webhook', 'update', ...onWebhook, '--status', 'disabled');
    expect(changed).toMatchObject({ status: 'disabled', scope: 'team/hello:*' });
    await az('acr', 'webhook', 'update', ...onWebhook, '--status', 'enabled');
    expect(await az('acr', 'webhook', 'show', ...onWebhook)).toMatchObject({ status: 'enabled' });
    expect(await az('acr', 'webhook', 'get-config', ...onWebhook)).toEqual({
      serviceUri: hook,
      customHeaders: { 'X-Key': 'k' },
    });
  });

  test('az acr webhook ping, and what skopeo pushes, reach it; az acr webhook list-events', async () => {
    const { id } = await az('acr', 'webhook', 'ping', ...onWebhook);
    expect(received).toMatchObject([{ headers: { 'x-key': 'k' }, body: { id, action: 'ping' } }]);

    const { accessToken } = await az('acr', 'login', '-n', 'hogehoge', '--expose-token');
    const layout = await writeSampleLayout('0.1.0');
    digest = layout.digest;
    const pushed = await azure.run('skopeo', [
      ...['copy', '--dest-creds', `00000000-0000-0000-0000-000000000000:${accessToken}`],
      ...[`oci:${layout.folder}:0.1.0`, 'docker://hogehoge.azurecr.io/team/hello:0.1.0'],
    ]);
    await rm(layout.folder, { recursive: true });
    expect(pushed.code, pushed.stderr).toBe(0);

    const [push, ping] = await az('acr', 'webhook', 'list-events', ...onWebhook);
    expect(ping).toMatchObject({ id, eventResponseMessage: { statusCode: '200', content: 'thanks' } });
    expect(push.eventRequestMessage.content).toMatchObject({
      action: 'push',
      target: { digest, repository: 'team/hello', tag: '0.1.0' },
    });
    expect(received[1].body.id).toBe(push.id);
  });

  test('az acr import, by login server, by registry, by digest, with a password, and without waiting', async () => {
    const image = 'hogehoge.azurecr.io/team/hello:0.1.0';
    const { passwords } = await az('acr', 'credential', 'show', '-n', 'hogehoge');
    const into = (...args: string[]) => az('acr', 'import', '-n', 'target1', ...args);
    await into('--source', image, '--image', 'hello:1');
    await into('--source', 'team/hello:0.1.0', '--registry', 'hogehoge', '-t', 'team/hello', '-t', 'other:2');
    await into('--source', `hogehoge.azurecr.io/team/hello@${digest}`, '--repository', 'untagged');
    await into('--source', image, '-t', 'byadmin:1', '-u', 'hogehoge', '-p', passwords[0].value);
    await into('--source', image, '-t', 'late:1', '--no-wait');
    expect(await az('acr', 'repository', 'list', '-n', 'target1')).toEqual([
      ...['byadmin', 'hello', 'late', 'other', 'team/hello', 'untagged'],
    ]);
  });

  test('az acr import that cannot be', async () => {
    const image = 'hogehoge.azurecr.io/team/hello:0.1.0';
    const into = (...args: string[]) => refusal('acr', 'import', '-n', 'target1', ...args);
    expect(await into('--source', image, '-t', 'hello:1')).toContain(
      'Tag hello:1 already exists in target registry.',
    );
    await az('acr', 'import', '-n', 'target1', '--source', image, '-t', 'hello:1', '--force');
    expect(await into('--source', 'hogehoge.azurecr.io/team/nothing:1')).toContain('MANIFEST_UNKNOWN');
    expect(await into('--source', image, '-t', 'a:1', '-u', 'hogehoge', '-p', 'wrong')).toContain(
      'Unauthorized',
    );
    expect(await into('--source', 'docker.io/library/hello-world:latest')).toContain('--allow-other-hosts');
  });

  test('az acr webhook delete, az acr delete', async () => {
    await az('acr', 'webhook', 'delete', ...onWebhook);
    expect(await az('acr', 'webhook', 'list', '-r', 'hogehoge')).toEqual([]);
    await az('acr', 'delete', '-n', 'hogehoge', '--yes');
    expect(await az('acr', 'list', '--query', '[].name')).toEqual(['target1']);
  });
});
