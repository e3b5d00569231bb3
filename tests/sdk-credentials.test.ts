import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from '../packages/local-azure/test/self-signed.ts';
import { graphCall } from './graph.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';

// The credential forms of the Azure SDK for JavaScript, unmodified, for an application that Graph made.

let azure: LocalAzureProcess;
let folder: string;
let issuer: Server;
let application: { id: string; appId: string };
let principalId: string;
let secret: string;

/** Runs a module, which finds `args`, under the local Azure's settings, and parses what it prints. */
// biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is the test's business.
async function run(script: string, ...args: unknown[]): Promise<any> {
  const preamble = `
    import * as identity from '@azure/identity';
    const args = JSON.parse(process.argv[1]);`;
  const { code, stdout, stderr } = await azure.run(process.execPath, [
    ...['--input-type=module', '-e', `${preamble}${script}`, JSON.stringify(args)],
  ]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const graph = (method: string, path: string, body: object) => graphCall(azure, method, path, body);

/** The claims of a token that a credential form gets, or the error that it fails with. */
const claimsOf = (form: string, ...args: unknown[]): Promise<Record<string, unknown>> =>
  run(
    `
    const { token } = await (${form}).getToken('https://management.azure.com/.default').catch((error) => ({
      token: '.' + Buffer.from(JSON.stringify({ error: error.message })).toString('base64url'),
    }));
    console.log(Buffer.from(token.split('.')[1], 'base64url').toString());`,
    ...args,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sdk-credentials-'));
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  const { pem, base64 } = await createSelfSigned();
  await writeFile(join(folder, 'certificate.pem'), pem);
  const keyCredential = { key: base64, type: 'AsymmetricX509Cert', usage: 'Verify' };
  application = await graph('POST', '/applications', { displayName: 'sdk', keyCredentials: [keyCredential] });
  secret = (await graph('POST', `/applications/${application.id}/addPassword`, {})).secretText;
  principalId = (await graph('POST', '/servicePrincipals', { appId: application.appId })).id;
});
afterAll(async () => {
  issuer?.close();
  await azure?.stop();
  await rm(folder, { recursive: true, force: true });
});

const tenant = () => azure.env.AZURE_TENANT_ID!;
const signedIn = () => ({ appid: application.appId, oid: principalId, tid: tenant() });

test('ClientSecretCredential', async () => {
  const form = 'new identity.ClientSecretCredential(...args)';
  expect(await claimsOf(form, tenant(), application.appId, secret)).toMatchObject(signedIn());
  expect((await claimsOf(form, tenant(), application.appId, 'wrong')).error).toContain('AADSTS7000215');
});

test('ClientCertificateCredential', async () => {
  const form = 'new identity.ClientCertificateCredential(args[0], args[1], args[2])';
  const file = join(folder, 'certificate.pem');
  expect(await claimsOf(form, tenant(), application.appId, file)).toMatchObject(signedIn());
  expect((await claimsOf(form, tenant(), azure.env.AZURE_CLIENT_ID, file)).error).toContain('AADSTS700027');
});

describe('a token of another issuer', () => {
  const subject = 'system:serviceaccount:default:puller';
  const file = () => join(folder, 'token');

  beforeAll(async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }] };
    issuer = createServer((request, response) => {
      const configuration = { issuer: origin, jwks_uri: `${origin}/keys` };
      response.end(JSON.stringify(request.url === '/keys' ? jwks : configuration));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => issuer.once('listening', resolve));
    const origin = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const audience = 'api://AzureADTokenExchange';
    await graph('POST', `/applications/${application.id}/federatedIdentityCredentials`, {
      ...{ name: 'cluster', issuer: origin, subject, audiences: [audience] },
    });
    const exp = Math.floor(Date.now() / 1000) + 300;
    const parts = [
      { alg: 'RS256', kid: 'one' },
      { iss: origin, sub: subject, aud: audience, exp },
    ];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url');
    await writeFile(file(), `${text}.${signature}`);
  });

  test('ClientAssertionCredential', async () => {
    const form = 'new identity.ClientAssertionCredential(args[0], args[1], async () => args[2])';
    const token = await readFile(file(), 'utf8');
    expect(await claimsOf(form, tenant(), application.appId, token)).toMatchObject(signedIn());
  });

  test('WorkloadIdentityCredential', async () => {
    const form = 'new identity.WorkloadIdentityCredential(args[0])';
    const options = { tenantId: tenant(), tokenFilePath: file() };
    expect(await claimsOf(form, { ...options, clientId: application.appId })).toMatchObject(signedIn());
    const other = { ...options, clientId: azure.env.AZURE_CLIENT_ID };
    expect((await claimsOf(form, other)).error).toContain('AADSTS70025');
  });
});
