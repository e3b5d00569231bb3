import { expect, test } from 'vitest';
import { checkSubnet, mergeVnetRouting, pullsOverVnet, vnetAddress } from './vnet-routing.ts';

const subnet =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net/subnets/apps';

test.each<[object, object, object]>([
  [{}, { httpsOnly: true }, {}],
  [
    {},
    { vnetImagePullEnabled: true },
    { vnetImagePullEnabled: true, outboundVnetRouting: { imagePullTraffic: true, allTraffic: false } },
  ],
  [
    {},
    { outboundVnetRouting: { imagePullTraffic: true } },
    {
      vnetImagePullEnabled: true,
      vnetRouteAllEnabled: false,
      outboundVnetRouting: { imagePullTraffic: true },
    },
  ],
  [
    { outboundVnetRouting: { imagePullTraffic: true, applicationTraffic: true } },
    { vnetImagePullEnabled: false },
    {
      vnetImagePullEnabled: false,
      vnetRouteAllEnabled: true,
      outboundVnetRouting: { imagePullTraffic: false, applicationTraffic: true },
    },
  ],
])('%j, written %j: %j', (before, given, after) => {
  expect(mergeVnetRouting({ ...before }, { ...given })).toMatchObject(after);
});

test('a flag that is none is refused', () => {
  expect(() => mergeVnetRouting({}, { outboundVnetRouting: { imagePullTraffic: 'yes' } })).toThrow();
});

const setting = { WEBSITE_PULL_IMAGE_OVER_VNET: 'true' };
test.each<[object, Record<string, string>, boolean]>([
  [{ vnetImagePullEnabled: true }, setting, false], // Without a subnet.
  [{ virtualNetworkSubnetId: subnet }, {}, false],
  [{ virtualNetworkSubnetId: subnet }, setting, true],
  [{ virtualNetworkSubnetId: subnet }, { WEBSITE_PULL_IMAGE_OVER_VNET: 'false' }, false],
  [{ virtualNetworkSubnetId: subnet, vnetImagePullEnabled: true }, {}, true],
  [{ virtualNetworkSubnetId: subnet, vnetImagePullEnabled: false }, setting, false],
  [{ virtualNetworkSubnetId: subnet, outboundVnetRouting: { allTraffic: true } }, {}, true],
  [{ virtualNetworkSubnetId: subnet, outboundVnetRouting: { applicationTraffic: true } }, setting, false],
])('%j with the settings %j pulls over the network: %s', (given, settings, expected) => {
  expect(pullsOverVnet({ ...given, ...mergeVnetRouting({}, { ...given }) }, settings)).toBe(expected);
});

test('who comes out of a subnet has a private address', () => {
  expect(vnetAddress(subnet)).toMatch(/^10\.\d+\.\d+\.\d+$/);
  expect(vnetAddress(subnet.toUpperCase())).toBe(vnetAddress(subnet));
});

test.each([
  [subnet, true],
  ['', true],
  [null, true],
  ['apps', false],
  ['/subscriptions/s', false],
])('the subnet %j: %s', (id, good) => {
  const check = () => checkSubnet(id);
  if (good) check();
  else expect(check).toThrow();
});
