import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { payloadOf, type RegistryServer, startRegistryServer } from '../../test/registry-server.ts';
import { startTenant } from '../../test/tenant.ts';

// With Entra ID itself: what the registry takes for a token of its tenant, and what not.

const audience = 'https://containerregistry.azure.net';
let home: Awaited<ReturnType<typeof startTenant>>;
let abroad: Awaited<ReturnType<typeof startTenant>>;
let at: RegistryServer;

beforeAll(async () => {
  [home, abroad] = await Promise.all([startTenant(), startTenant()]);
  at = await startRegistryServer({ entra: home.entra });
  for (const { application } of [home, abroad]) at.grant(application.principal.id, 'AcrPull');
});
afterAll(async () => {
  await at?.stop();
  await Promise.all([home?.close(), abroad?.close()]);
});

const tokenOf = async ({ entra, application }: typeof home, aud = audience) =>
  (await entra.issueToken(application.principal.id, aud)).token;
describe('an Entra token', () => {
  test.each([audience, 'https://management.azure.com/'])('for %s is exchanged', async (aud) => {
    const { status, json } = await at.exchange(await tokenOf(home, aud));
    expect(status).toBe(200);
    const { sub, tenant } = payloadOf(json.refresh_token);
    expect([sub, tenant]).toEqual([home.application.principal.id, home.entra.tenantId]);
  });

  test.each<[string, () => Promise<string>]>([
    ['for another audience', () => tokenOf(home, 'https://vault.azure.net')],
    ['of another tenant', () => tokenOf(abroad)],
    [
      'with a changed byte',
      async () => {
        const [header, payload, signature] = (await tokenOf(home)).split('.');
        return `${header}.${payload}.${signature![0] === 'A' ? 'B' : 'A'}${signature!.slice(1)}`;
      },
    ],
    ['that is none', async () => 'token'],
    [
      'that has expired',
      async () => {
        const token = await tokenOf(home);
        await home.clock.advance(2 * 60 * 60 * 1000);
        return token;
      },
    ],
  ])('%s is refused', async (_name, make) => {
    const { status, json } = await at.exchange(await make());
    expect(status).toBe(401);
    expect(json.errors).toEqual([{ code: 'UNAUTHORIZED', message: 'token validation failed' }]);
  });
});
