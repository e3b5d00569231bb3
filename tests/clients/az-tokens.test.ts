import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';
import { azVersions, runAz, signIn } from './az-versions.ts';

// Repository tokens as `az` makes them and skopeo uses them; each test builds on the one before.

const lacking = missing('az', 'skopeo');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program }) => {
  const registry = ['-r', 'hogehoge'];
  let azure: LocalAzureProcess;
  let layout: { folder: string };
  let password: string;

  const az = (...args: string[]) => runAz(azure, program, args);
  const push = (repository: string) =>
    azure.run('skopeo', [
      ...['copy', '--dest-creds', `MyToken:${password}`],
      ...[`oci:${layout.folder}:1`, `docker://hogehoge.azurecr.io/${repository}:1`],
    ]);

  beforeAll(async () => {
    layout = await writeSampleLayout('1');
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await signIn(azure, program);
    await az('group', 'create', '-n', 'blog', '-l', 'japaneast');
    await az('acr', 'create', '-g', 'blog', '-n', 'hogehoge', '--sku', 'Basic');
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(layout.folder, { recursive: true, force: true });
  });

  test('az acr scope-map create, update, show, list', async () => {
    const map = [...registry, '-n', 'MyScopeMap'];
    const made = await az(
      ...['acr', 'scope-map', 'create', ...map, '--description', 'Mine'],
      ...['--repository', 'team/*', 'content/read', 'content/write'],
    );
    expect(made).toMatchObject({ name: 'MyScopeMap', description: 'Mine', provisioningState: 'Succeeded' });
    await az(
      ...['acr', 'scope-map', 'update', ...map, '--add-repository', 'base', 'content/read'],
      ...['--remove-repository', 'team/*', 'content/write'],
    );
    const { actions } = await az('acr', 'scope-map', 'show', ...map);
    expect(actions.sort()).toEqual(['repositories/base/content/read', 'repositories/team/*/content/read']);
    const names = await az('acr', 'scope-map', 'list', ...registry, '--query', '[].name');
    expect(names).toEqual(expect.arrayContaining(['_repositories_pull', '_repositories_push', 'MyScopeMap']));
  });

  test('az acr token create, with whose password skopeo pushes where it may', async () => {
    const token = await az(
      ...['acr', 'token', 'create', ...registry, '-n', 'MyToken'],
      ...['--repository', 'team/*', 'content/read', 'content/write'],
    );
    expect(token).toMatchObject({ status: 'enabled', credentials: { username: 'MyToken' } });
    password = token.credentials.passwords[1].value;
    expect(await push('team/hello')).toMatchObject({ code: 0 });
    const refused = await push('other/hello');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('requested access to the resource is denied');
  });

  test('az acr token credential generate, delete', async () => {
    const token = [...registry, '-n', 'MyToken'];
    const { passwords } = await az(
      ...['acr', 'token', 'credential', 'generate', ...token, '--password1', '--expiration-in-days', '1'],
    );
    expect(passwords).toMatchObject([{ name: 'password1', expiry: expect.any(String) }]);
    const left = await az('acr', 'token', 'credential', 'delete', ...token, '--password2');
    expect(left.credentials.passwords).toMatchObject([{ name: 'password1', value: null }]);
    expect((await push('team/hello')).code).not.toBe(0);
    password = passwords[0].value;
    expect(await push('team/hello')).toMatchObject({ code: 0 });
  });

  test('az acr token update, show, list, delete', async () => {
    const token = [...registry, '-n', 'MyToken'];
    await az('acr', 'token', 'update', ...token, '--scope-map', 'MyScopeMap');
    expect((await push('team/hello')).code).not.toBe(0);
    await az('acr', 'token', 'update', ...token, '--scope-map', '_repositories_push', '--status', 'disabled');
    expect(await az('acr', 'token', 'show', ...token)).toMatchObject({ status: 'disabled' });
    expect((await push('team/hello')).code).not.toBe(0);
    await az('acr', 'token', 'update', ...token, '--status', 'enabled');
    expect(await push('anywhere')).toMatchObject({ code: 0 });
    await az('acr', 'token', 'delete', ...token, '--yes');
    expect(await az('acr', 'token', 'list', ...registry)).toEqual([]);
    await az('acr', 'scope-map', 'delete', ...registry, '-n', 'MyScopeMap', '--yes');
    expect((await push('anywhere')).code).not.toBe(0);
  });
});
