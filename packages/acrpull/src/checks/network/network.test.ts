import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectJudgement, judge, type Row } from '../../../test/judgements.ts';
import {
  denied,
  manifestOf,
  type RegistryChanges,
  type SiteChanges,
  snapshotOf,
} from '../../../test/snapshots.ts';
import { pullRoute } from '../../pull-path/pull-route.ts';
import { refusedAddresses } from '../../pull-path/registry-firewall.ts';
import { known, type RegistryNetworkFacts } from '../../pull-path/snapshot.ts';
import { diagnose } from '../diagnose.ts';

// The site calls from 192.0.2.4 and 192.0.2.5, and may come to call from 198.51.100.4.

const closed: RegistryChanges = { network: { publicNetworkAccess: 'Disabled' } };
const letsIn = (...ipRules: string[]): RegistryChanges => ({ network: { defaultAction: 'Deny', ipRules } });
const untrusting = ({ network }: RegistryChanges): RegistryChanges => ({
  network: { ...network, networkRuleBypassOptions: 'None' },
});
const privateEndpoint = (...states: string[]): RegistryChanges => ({
  network: {
    publicNetworkAccess: 'Disabled',
    privateEndpointConnections: states.map((status, n) => ({ name: `endpoint-${n}`, status })),
  },
});

const virtualNetworkSubnetId = '/subscriptions/s/resourceGroups/blog/subnets/apps';
const integrated = (network: SiteChanges['network'] = {}): SiteChanges => ({
  network: { virtualNetworkSubnetId, ...network },
});
const overVnet = integrated({ vnetImagePullEnabled: true });
const setting = (pullImageOverVnet: boolean) => ({ appSettings: { password: false, pullImageOverVnet } });

test.each<Row>([
  ['no public access', { registry: untrusting(closed) }, ['D1 fail'], 'network'],
  ['no public access, but for trusted services', { registry: closed }, ['D1 fail', 'D3 warn'], 'network'],
  ['no rule at all', { registry: untrusting(letsIn()) }, ['D1 fail'], 'network'],
  ['rules for others', { registry: untrusting(letsIn('203.0.113.0/24')) }, ['D1 fail'], 'network'],
  ['rules for some of its addresses', { registry: letsIn('192.0.2.4') }, ['D2 fail'], 'network'],
  ['rules for those of another tier', { registry: letsIn('198.51.100.0/24') }, ['D2 fail'], 'network'],
  ['rules for those of today', { registry: letsIn('192.0.2.0/24') }, ['D2 warn'], undefined],
  ['rules for all of them', { registry: letsIn('192.0.2.0/24', '198.51.100.4') }, [], undefined],
  [
    'rules, and addresses that are not told',
    {
      registry: letsIn('192.0.2.4'),
      site: { network: { outboundIpAddresses: [], possibleOutboundIpAddresses: [] } },
    },
    ['D1 unknown'],
    undefined,
  ],
])('over the internet: %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test.each<Row>([
  ['an open registry', { site: overVnet }, ['D11 unknown', 'D6 warn'], undefined],
  [
    'one with a private endpoint',
    { site: overVnet, registry: privateEndpoint('Approved') },
    ['D11 unknown'],
    undefined,
  ],
  [
    'one whose endpoint waits for approval',
    { site: overVnet, registry: privateEndpoint('Pending') },
    ['D12 fail'],
    'network',
  ],
  [
    'one with another endpoint that waits',
    { site: overVnet, registry: privateEndpoint('Approved', 'Pending') },
    ['D12 warn', 'D11 unknown'],
    undefined,
  ],
  ['one without any door', { site: overVnet, registry: closed }, ['D1 fail'], 'network'],
  [
    'and a DNS server of its own',
    {
      site: integrated({ vnetImagePullEnabled: true, dnsServers: ['10.0.0.4'] }),
      registry: privateEndpoint('Approved'),
    },
    ['D8 warn', 'D11 unknown'],
    undefined,
  ],
  [
    'and a DNS server by an app setting',
    {
      site: { ...overVnet, appSettings: { password: false, dnsServer: true } },
      registry: privateEndpoint('Approved'),
    },
    ['D8 warn', 'D11 unknown'],
    undefined,
  ],
  [
    'and data endpoints, past a firewall',
    {
      site: overVnet,
      registry: { network: { ...letsIn('10.0.0.1').network, dataEndpointHostNames: ['d'] } },
    },
    ['D11 unknown', 'D10 warn'],
    undefined,
  ],
  [
    'of a Windows site',
    {
      site: {
        ...overVnet,
        platform: 'windows',
        config: { windowsFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0' },
      },
      manifest: known(manifestOf({ os: 'windows', architecture: 'amd64' })),
      registry: privateEndpoint('Approved'),
    },
    ['D11 unknown', 'D14 warn'],
    undefined,
  ],
  [
    'of an App Service Environment',
    { site: { network: { hostingEnvironmentId: '/ase' } }, registry: privateEndpoint('Approved') },
    ['D11 unknown'],
    undefined,
  ],
])('through a virtual network: %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test.each<Row>([
  ['the flag without a subnet', { site: { network: { vnetImagePullEnabled: true } } }, [], undefined],
  ['a subnet without the flag', { site: integrated() }, [], undefined],
  [
    'the setting, where the property is not told',
    {
      site: { ...integrated({ vnetImagePullEnabled: null }), ...setting(true) },
      registry: privateEndpoint('Approved'),
    },
    ['D11 unknown'],
    undefined,
  ],
  [
    'the setting against the property',
    { site: { ...integrated(), ...setting(true) }, registry: letsIn('203.0.113.1') },
    ['D4 warn', 'D11 unknown'],
    undefined,
  ],
  [
    'the setting against the property, which somebody wrote',
    { site: { ...overVnet, ...setting(false) }, registry: privateEndpoint('Approved') },
    ['D4 warn', 'D11 unknown'],
    undefined,
  ],
  [
    'either way, and the registry has no door',
    { site: { ...integrated(), ...setting(true) }, registry: closed },
    ['D1 fail', 'D4 warn'],
    'network',
  ],
  [
    'neither is known, and the registry has no door',
    { site: { ...integrated(), appSettings: denied('…/list/action') }, registry: closed },
    ['D1 fail'],
    'network',
  ],
  [
    'neither is known, and the registry’s endpoint waits for approval',
    { site: { ...integrated(), appSettings: denied('…/list/action') }, registry: privateEndpoint('Pending') },
    ['D12 fail'],
    'network',
  ],
  [
    'settings that may not be read',
    { site: { ...integrated(), appSettings: denied('Microsoft.Web/sites/config/list/action') } },
    ['D11 unknown'],
    undefined,
  ],
  [
    'settings that may not be read, without a subnet',
    { site: { appSettings: denied('Microsoft.Web/sites/config/list/action') } },
    [],
    undefined,
  ],
])('which way: %s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

test('D7 names the sibling that is integrated, and D1 keeps silent', () => {
  const registry = untrusting(privateEndpoint('Approved'));
  const sites = [overVnet, { slot: 'staging' }];
  expect(judge({ sites, registry })).toEqual([['D11 unknown'], undefined]);
  expect(judge({ sites, registry }, 1)).toEqual([['D7 fail'], 'network']);
  const [, slot] = diagnose(snapshotOf({ sites, registry }));
  expect(slot!.findings[0]!.verdict.says).toContain('hoge-app through a virtual network');
});

test('an image of another registry has no network to judge', () => {
  const config = { linuxFxVersion: 'DOCKER|ghcr.io/team/app:1' };
  const [{ chain }] = diagnose(snapshotOf({ site: { ...overVnet, config }, registry: closed })) as [
    ReturnType<typeof diagnose>[0],
  ];
  expect(chain.find(({ link }) => link === 'network')?.status).toBe('skip');
});

const site: fc.Arbitrary<SiteChanges> = fc.record({
  network: fc.record({
    virtualNetworkSubnetId: fc.constantFrom(null, virtualNetworkSubnetId),
    vnetImagePullEnabled: fc.constantFrom(null, false, true),
    hostingEnvironmentId: fc.constantFrom(null, '/ase'),
    outboundIpAddresses: fc.constantFrom([], ['192.0.2.4', '192.0.2.5']),
  }),
  appSettings: fc.constantFrom(
    { password: false },
    { password: false, pullImageOverVnet: true },
    denied('Microsoft.Web/sites/config/list/action'),
  ),
});
const network = fc.record({
  publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled'),
  defaultAction: fc.constantFrom('Allow', 'Deny'),
  ipRules: fc.subarray(['192.0.2.4', '192.0.2.5', '198.51.100.4', '203.0.113.0/24']),
  privateEndpointConnections: fc.subarray([
    { name: 'a', status: 'Approved' },
    { name: 'p', status: 'Pending' },
    { name: 'd', status: 'Disconnected' },
  ]),
});

test('the link always says something, and holds only where every address of the site is let in', () => {
  fc.assert(
    fc.property(site, network, (site, network) => {
      const [{ chain, view }] = diagnose(snapshotOf({ site, registry: { network } })) as [
        ReturnType<typeof diagnose>[0],
      ];
      const { status } = chain.find(({ link }) => link === 'network')!;
      expect(status).not.toBe('skip');
      if (status === 'pass' || status === 'warn') {
        expect(pullRoute(view.site)).toEqual({ kind: 'public' });
        expect(
          refusedAddresses(network as RegistryNetworkFacts, view.site.network.outboundIpAddresses),
        ).toEqual([]);
      }
    }),
  );
});
