import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from '../../packages/local-azure/test/self-signed.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// Identities, applications, users and groups, by an unmodified `az`: each test builds on the one before.

const group = 'identities';
const domain = 'localazure.onmicrosoft.com';
const lacking = missing('az', 'curl');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program, imageOption, roleCommands }) => {
  let azure: LocalAzureProcess;
  let folder: string;
  let scope: string;
  const az = (...args: string[]) => runAz(azure, program, [...args, '--only-show-errors']);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'az-identity-'));
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await signIn(azure, program);
    scope = (await az('group', 'create', '-n', group, '-l', 'japaneast')).id;
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  describe('az identity', () => {
    const named = ['-g', group, '-n', 'puller'];
    const ofIdentity = ['-g', group, '--identity-name', 'puller'];

    test('create, show, list', async () => {
      const made = await az('identity', 'create', ...named);
      expect(made).toMatchObject({
        name: 'puller',
        principalId: expect.any(String),
        clientId: expect.any(String),
      });
      expect((await az('identity', 'show', ...named)).principalId).toBe(made.principalId);
      for (const where of [[], ['-g', group]])
        expect(await az('identity', 'list', ...where)).toMatchObject([{ name: 'puller' }]);
    });

    test('federated-credential create, update, show, list, delete', async () => {
      const command = ['identity', 'federated-credential'];
      const issuer = ['--issuer', 'https://token.actions.githubusercontent.com'];
      const audience = ['--audiences', 'api://AzureADTokenExchange'];
      const put = (verb: string, subject: string) =>
        az(...command, verb, ...ofIdentity, '-n', 'github', ...issuer, '--subject', subject, ...audience);
      expect(await put('create', 'repo:a/b')).toMatchObject({ name: 'github', subject: 'repo:a/b' });
      expect(await put('update', 'repo:a/c')).toMatchObject({ subject: 'repo:a/c' });
      expect((await az(...command, 'show', ...ofIdentity, '-n', 'github')).subject).toBe('repo:a/c');
      expect(await az(...command, 'list', ...ofIdentity)).toHaveLength(1);
      await az(...command, 'delete', ...ofIdentity, '-n', 'github', '--yes');
      expect(await az(...command, 'list', ...ofIdentity)).toEqual([]);
    });

    test('webapp identity assign, show, remove, on an app and on a slot; delete', async () => {
      await az('appservice', 'plan', 'create', '-g', group, '-n', 'plan', '--is-linux', '--sku', 'S1');
      const app = ['-g', group, '-n', 'identity-app'];
      await az('webapp', 'create', ...app, '-p', 'plan', imageOption, 'mcr.example.com/hello:1');
      await az('webapp', 'deployment', 'slot', 'create', ...app, '-s', 'staging');
      const { id, principalId } = await az('identity', 'show', ...named);
      for (const slot of [[], ['--slot', 'staging']]) {
        const site = [...app, ...slot];
        const assigned = await az('webapp', 'identity', 'assign', ...site, '--identities', '[system]', id);
        expect(assigned.type).toBe('SystemAssigned, UserAssigned');
        expect(Object.values(assigned.userAssignedIdentities)).toMatchObject([{ principalId }]);
        await az('webapp', 'identity', 'remove', ...site, '--identities', id);
        const left = await az('webapp', 'identity', 'show', ...site);
        expect(left).toMatchObject({ type: 'SystemAssigned', principalId: assigned.principalId });
        await az('webapp', 'identity', 'remove', ...site);
        const anew = await az('webapp', 'identity', 'assign', ...site);
        expect(anew.principalId).not.toBe(assigned.principalId);
      }
      await az('identity', 'delete', ...named);
      expect(await refusal('identity', 'show', ...named)).toContain('ResourceNotFound');
    });
  });

  describe('az ad', () => {
    let appId: string;

    test('sp create-for-rbac, and az login with its secret', async () => {
      const role = roleCommands ? ['--role', 'Reader', '--scopes', scope] : [];
      const made = await az('ad', 'sp', 'create-for-rbac', '-n', 'ci', ...role);
      expect(made).toMatchObject({ displayName: 'ci', tenant: azure.env.AZURE_TENANT_ID });
      appId = made.appId;
      const login = [
        'login',
        '--service-principal',
        '-u',
        appId,
        '-p',
        made.password,
        '--tenant',
        made.tenant,
      ];
      expect(await az(...login, '--allow-no-subscriptions')).toHaveLength(1);
      const asked = await azure.run(program, ['group', 'show', '-n', group]);
      expect(asked.code === 0).toBe(roleCommands);
      expect(await refusal('ad', 'app', 'create', '--display-name', 'other')).toContain(
        'Insufficient privileges',
      );
      await signIn(azure, program);
    });

    test('sp show, list; app list, show; credential reset, list, delete', async () => {
      expect(await az('ad', 'sp', 'show', '--id', appId)).toMatchObject({ appId, displayName: 'ci' });
      expect(await az('ad', 'sp', 'list', '--display-name', 'ci')).toMatchObject([{ appId }]);
      expect(await az('ad', 'app', 'list', '--app-id', appId)).toMatchObject([{ displayName: 'ci' }]);
      await az('ad', 'app', 'credential', 'reset', '--id', appId, '--append', '--display-name', 'second');
      const credentials = await az('ad', 'app', 'credential', 'list', '--id', appId);
      expect(credentials.map((one: { displayName: string }) => one.displayName).sort()).toEqual([
        'rbac',
        'second',
      ]);
      const { keyId } = credentials[0];
      await az('ad', 'app', 'credential', 'delete', '--id', appId, '--key-id', keyId);
      expect((await az('ad', 'app', 'show', '--id', appId)).passwordCredentials).toHaveLength(1);
      const { password } = await az('ad', 'sp', 'credential', 'reset', '--id', appId);
      expect(password).toEqual(expect.any(String));
      expect(await az('ad', 'sp', 'credential', 'list', '--id', appId)).toHaveLength(1);
    });

    test('sp credential reset --cert, and az login --certificate', async () => {
      const file = join(folder, 'certificate.pem');
      const { pem, x509 } = await createSelfSigned();
      await writeFile(file, pem);
      await writeFile(join(folder, 'public.pem'), x509.toString());
      await az('ad', 'sp', 'credential', 'reset', '--id', appId, '--cert', `@${join(folder, 'public.pem')}`);
      const help = await azure.run(program, ['login', '--help']);
      const certificate = help.stdout.includes('--certificate') ? '--certificate' : '-p';
      const tenant = azure.env.AZURE_TENANT_ID!;
      const login = ['login', '--service-principal', '-u', appId, certificate, file, '--tenant', tenant];
      expect(await az(...login, '--allow-no-subscriptions')).toHaveLength(1);
      await signIn(azure, program);
    });

    test('app federated-credential create, list, delete', async () => {
      const parameters = {
        ...{ name: 'github', issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:a/b' },
        audiences: ['api://AzureADTokenExchange'],
      };
      const command = ['ad', 'app', 'federated-credential'];
      await az(...command, 'create', '--id', appId, '--parameters', JSON.stringify(parameters));
      expect(await az(...command, 'list', '--id', appId)).toMatchObject([parameters]);
      await az(...command, 'delete', '--id', appId, '--federated-credential-id', 'github');
      expect(await az(...command, 'list', '--id', appId)).toEqual([]);
    });

    test('user create, show, list, update; group create, member add, list, check; what a group grants', async () => {
      const upn = `ann@${domain}`;
      const ann = ['--display-name', 'Ann', '--user-principal-name', upn, '--password', 'a Password 1'];
      const user = await az('ad', 'user', 'create', ...ann);
      expect(await az('ad', 'user', 'show', '--id', upn)).toMatchObject({ id: user.id, displayName: 'Ann' });
      await az('ad', 'user', 'update', '--id', upn, '--display-name', 'Anna');
      expect(await az('ad', 'user', 'list', '--upn', upn)).toMatchObject([{ displayName: 'Anna' }]);

      const readers = await az(
        'ad',
        'group',
        'create',
        '--display-name',
        'readers',
        '--mail-nickname',
        'readers',
      );
      const member = ['--group', 'readers', '--member-id', user.id];
      await az('ad', 'group', 'member', 'add', ...member);
      expect(await az('ad', 'group', 'member', 'list', '--group', 'readers')).toMatchObject([
        { id: user.id },
      ]);
      expect(await az('ad', 'group', 'member', 'check', ...member)).toEqual({ value: true });
      expect(await az('ad', 'group', 'show', '--group', 'readers')).toMatchObject({ id: readers.id });

      if (!roleCommands) return;
      const grant = (assignee: string) =>
        az('role', 'assignment', 'create', '--assignee', assignee, '--role', 'Reader', '--scope', scope);
      expect((await grant(readers.id)).principalType).toBe('Group');
      expect((await grant(upn)).principalType).toBe('User');
      // Made by create-for-rbac, and found again by its client id.
      expect((await grant(appId)).principalType).toBe('ServicePrincipal');
      const listed = await az('role', 'assignment', 'list', '--scope', scope);
      const names = listed.map((one: { principalName: string }) => one.principalName);
      expect(names.sort()).toEqual([appId, upn, 'readers'].sort());
      const held = await az(
        'role',
        'assignment',
        'list',
        '--assignee',
        upn,
        '--scope',
        scope,
        '--include-groups',
      );
      expect(held).toHaveLength(2);
    });

    test('sp delete, app delete, user delete, group delete', async () => {
      await az('ad', 'sp', 'delete', '--id', appId);
      await az('ad', 'app', 'delete', '--id', appId);
      expect(await refusal('ad', 'sp', 'show', '--id', appId)).toContain('does not exist');
      await az('ad', 'user', 'delete', '--id', `ann@${domain}`);
      await az('ad', 'group', 'delete', '--group', 'readers');
      expect(await az('ad', 'group', 'list')).toEqual([]);
    });
  });

  test('az login --use-device-code, by the owner; ad signed-in-user show', async () => {
    const child = spawn(program, ['login', '--use-device-code'], {
      env: azure.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const credentials = JSON.parse(await readFile(join(azure.dataDir, 'credentials.json'), 'utf8'));
    try {
      let said = '';
      const [address, code] = await new Promise<string[]>((resolve, reject) => {
        child.stderr.on('data', (chunk) => {
          said += chunk;
          const found = /open the page (\S+) and enter the code (\w+)/.exec(said);
          if (found) resolve(found.slice(1));
        });
        void exited.then(() => reject(new Error(`az login ended:\n${said}`)));
      });
      // As any browser would: the address needs neither the proxy nor the certificate.
      const fields = { code, username: credentials.userPrincipalName, password: credentials.userPassword };
      const form = Object.entries(fields).flatMap(([name, value]) => [
        '--data-urlencode',
        `${name}=${value}`,
      ]);
      const page = await azure.run('curl', ['-sS', '--noproxy', '*', address!, ...form]);
      expect(page.stdout, page.stderr).toContain('You are signed in');
      expect(await exited, said).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
    expect(await az('account', 'show', '--query', 'user')).toEqual({
      name: credentials.userPrincipalName,
      type: 'user',
    });
    expect(await az('ad', 'signed-in-user', 'show')).toMatchObject({
      userPrincipalName: credentials.userPrincipalName,
    });
    expect((await az('group', 'show', '-n', group)).id).toBe(scope);
  });
});
