import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasText } from '../../packages/acrpull/src/checks/log-text.ts';
import { settingOverruled } from '../../packages/acrpull/src/checks/network/setting-overruled.ts';
import { pulled, testCauses } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// What is wrong between the site's workers and the registry's firewall. Each cause has a registry of its own, which
// whoever looks may always read.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting?.stop());

const reader = '127.0.0.1';
const of = (registry: string) => `${registry}.azurecr.io/hello:0.1.0`;
const subnet = ({ group }: Setting) =>
  `${group}/providers/Microsoft.Network/virtualNetworks/net/subnets/apps`;
/** Where a pull through a virtual network comes from: in Azure it would be the network’s own way out. */
const vnetAddresses = '10.0.0.0/8';

const letsIn = (...addresses: string[]) => ({
  networkRuleSet: {
    defaultAction: 'Deny',
    ipRules: [reader, ...addresses].map((value) => ({ action: 'Allow', value })),
  },
  networkRuleBypassOptions: 'None',
});
const registryOf = (name: string, { group }: Setting) =>
  `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
const setFirewall = (name: string, properties: object, setting: Setting) =>
  setting.arm('PATCH', registryOf(name, setting), '2025-11-01', { properties });
const setSite = (site: string, properties: object, { arm }: Setting) =>
  arm('PATCH', site, '2023-12-01', { properties });

/** A registry of its own, at which the site may pull, with these network rules. */
async function restrict(site: string, name: string, properties: object, setting: Setting): Promise<void> {
  const registry = await setting.createRegistry(name);
  await setting.grant(registry, await setting.principalOf(site));
  await setFirewall(name, properties, setting);
}

async function addressesOf(site: string, { arm }: Setting) {
  const { properties } = await arm('GET', site, '2023-12-01');
  const { outboundIpAddresses, possibleOutboundIpAddresses } = properties;
  return { outbound: outboundIpAddresses.split(','), possible: possibleOutboundIpAddresses.split(',') };
}

testCauses(
  () => setting,
  [
    {
      id: 'D1',
      site: { image: of('hogeclosed') },
      breakIt: (site, setting) => restrict(site, 'hogeclosed', letsIn(), setting),
      mend: async (site, setting) =>
        setFirewall('hogeclosed', letsIn(...(await addressesOf(site, setting)).possible), setting),
    },
    {
      // That App Service is none of the services that get past (D3) is told beside it.
      id: 'D1',
      as: 'with trusted services',
      notes: ['D3'],
      site: { image: of('hogetrusts') },
      breakIt: (site, setting) =>
        restrict(site, 'hogetrusts', { ...letsIn(), networkRuleBypassOptions: 'AzureServices' }, setting),
      mend: (_, setting) =>
        setFirewall('hogetrusts', { networkRuleSet: { defaultAction: 'Allow' } }, setting),
    },
    {
      // Whoever looks is refused, too, so that the image was not looked for; and that is no proof of anything.
      id: 'D1',
      as: 'without public access',
      notes: ['E1'],
      site: { image: of('hogeprivate') },
      breakIt: (site, setting) =>
        restrict(
          site,
          'hogeprivate',
          { publicNetworkAccess: 'Disabled', networkRuleBypassOptions: 'None' },
          setting,
        ),
      mend: (_, setting) => setFirewall('hogeprivate', { publicNetworkAccess: 'Enabled' }, setting),
    },
    {
      // All of the site's addresses but the one that this worker takes.
      id: 'D2',
      site: { image: of('hogelacks') },
      breakIt: async (site, setting) => {
        await restrict(site, 'hogelacks', letsIn(), setting);
        const { possible } = await addressesOf(site, setting);
        const [, address] = /client with IP '(.+?)'/.exec(await setting.restart(site))!;
        await setFirewall('hogelacks', letsIn(...possible.filter((it: string) => it !== address)), setting);
      },
      mend: async (site, setting) =>
        setFirewall('hogelacks', letsIn(...(await addressesOf(site, setting)).possible), setting),
    },
    {
      id: 'D7',
      site: { slot: 'staging', image: of('hogeslotnet') },
      breakIt: async (site, setting) => {
        await restrict(site, 'hogeslotnet', letsIn(vnetAddresses), setting);
        const production = site.replace(/\/slots\/.*/, '');
        await setting.grant(registryOf('hogeslotnet', setting), await setting.principalOf(production));
        const properties = { virtualNetworkSubnetId: subnet(setting), vnetImagePullEnabled: true };
        await setSite(production, properties, setting);
      },
      mend: (site, setting) =>
        setSite(site, { virtualNetworkSubnetId: subnet(setting), vnetImagePullEnabled: true }, setting),
    },
  ],
);

// Azure shows the property as false also where nobody wrote it, so that it is told and not blamed.
test.concurrent('D4: the setting says over the virtual network, the property does not, and it decides', async () => {
  const { healthySite, setSettings, restart, doctor } = setting;
  const site = await healthySite('d4', { image: of('hogeoverruled') });
  await restrict(site, 'hogeoverruled', letsIn(vnetAddresses), setting);
  await setSettings(site, { WEBSITE_PULL_IMAGE_OVER_VNET: 'true' });
  await setSite(site, { virtualNetworkSubnetId: subnet(setting), vnetImagePullEnabled: false }, setting);
  const refused = await restart(site);
  expect(refused).not.toMatch(pulled);
  expect(
    settingOverruled.seenAs.filter((text) => hasText(refused, text)),
    refused,
  ).not.toEqual([]);
  const judgement = async () => {
    const { links, findings } = (await doctor(site))[0]!;
    const warned = findings.filter(({ id, status }) => status === 'warn' && id !== 'C1');
    return [links.find(({ link }) => link === 'network')?.status, ...warned.map(({ id }) => id)];
  };
  expect(await judgement()).toEqual(['unknown', 'D4']);

  await setSite(site, { vnetImagePullEnabled: true }, setting);
  await setSettings(site, {});
  expect(await restart(site)).toMatch(pulled);
  // It got through, and what lies between was not looked at all the same.
  expect(await judgement()).toEqual(['unknown']);
});
