import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../packages/local-azure/src/front/agent.ts';
import { type LocalAzureProcess, startLocalAzure } from './local-azure.ts';
import { armCall } from './resource-manager.ts';

// A registry's firewall, which its data endpoint shares, sees App Service's workers come from the outbound addresses of
// their site, and everybody else from this machine. Everything else of the pull path holds.

let azure: LocalAzureProcess;
let addresses: { outbound: string[]; possible: string[] };
const group = () => `/subscriptions/${azure.subscriptionId}/resourceGroups/blog`;

beforeAll(async () => {
  azure = await startLocalAzure();
  await azure.setUpMendedStory();
  const site = await armCall(azure, 'GET', `${group()}/providers/Microsoft.Web/sites/hoge-app`, '2023-12-01');
  const { outboundIpAddresses, possibleOutboundIpAddresses } = site.properties;
  addresses = { outbound: outboundIpAddresses.split(','), possible: possibleOutboundIpAddresses.split(',') };
});
afterAll(() => azure?.stop());

async function setFirewall(publicNetworkAccess: 'Enabled' | 'Disabled', allowed: string[]): Promise<void> {
  const registry = `${group()}/providers/Microsoft.ContainerRegistry/registries/hoge`;
  const ipRules = allowed.map((value) => ({ action: 'Allow', value }));
  const networkRuleSet = { defaultAction: 'Deny', ipRules };
  const properties = { dataEndpointEnabled: true, publicNetworkAccess, networkRuleSet };
  await armCall(azure, 'PATCH', registry, '2025-04-01', { properties });
}

/** What the registry answers to a client on this machine. */
async function ping(): Promise<string> {
  const port = Number(new URL(azure.env.HTTPS_PROXY!).port);
  const agent = createAgent(() => port, await readFile(azure.env.SSL_CERT_FILE!, 'utf8'));
  const [response] = await once(get('https://hoge.azurecr.io/v2/', { agent }), 'response');
  return text(response).finally(() => agent.destroy());
}

const outcomeOfPull = async () =>
  (await azure.acrpullJson('verify', 'hoge-app', '--slot', 'production', '--timeout', '60')).result.sites[0]
    .outcome;

/** The address that the refusal names; it is one of the site's own. */
function expectRefused(outcome: { kind: string; cause: string; text: string }): string {
  expect(outcome).toMatchObject({ kind: 'refused', cause: 'firewall' });
  const [, address = ''] = /denied: client with IP '(.+?)' is not allowed access/.exec(outcome.text) ?? [];
  expect(addresses.outbound).toContain(address);
  return address;
}

test('a worker comes from one of its site’s outbound addresses, and is let in when all of them are', async () => {
  await setFirewall('Enabled', ['127.0.0.1']);
  const address = expectRefused(await outcomeOfPull());
  // Anybody else is let in from this machine.
  expect(await ping()).toContain('UNAUTHORIZED');

  const others = addresses.possible.filter((one) => one !== address);
  await setFirewall('Enabled', ['127.0.0.1', ...others]);
  expect(expectRefused(await outcomeOfPull())).toBe(address);

  await setFirewall('Enabled', addresses.possible);
  expect(await outcomeOfPull()).toMatchObject({ kind: 'serving' });
  expect(await ping()).toContain("client with IP '127.0.0.1' is not allowed access");
});

test('without public access no rule helps', async () => {
  await setFirewall('Disabled', ['0.0.0.0/0']);
  expectRefused(await outcomeOfPull());
});
