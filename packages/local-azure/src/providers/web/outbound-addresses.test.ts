import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInRanges } from '../../ipv4-ranges.ts';
import { outboundIpAddresses, possibleOutboundIpAddresses, pullAddress } from './outbound-addresses.ts';

const documentation = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];
const tier = fc.constantFrom('Free', 'Basic', 'Standard', 'Premium', 'PremiumV2', 'PremiumV3', 'PremiumV4');

test('a site pulls from one of its own addresses, which are among the possible ones, which are nobody else’s', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), tier, (siteId, webSpace, tier) => {
      const own = outboundIpAddresses(webSpace, tier);
      const possible = possibleOutboundIpAddresses(webSpace);
      expect(own).toContain(pullAddress(siteId, webSpace, tier));
      expect(possible).toEqual(expect.arrayContaining(own));
      expect(new Set(possible).size).toBe(12);
      for (const address of possible) {
        expect(isInRanges(address, documentation)).toBe(true);
        expect(address).not.toMatch(/\.(0|255)$/);
      }
    }),
  );
});

test('a site keeps its address, until its tier takes it to another family of workers', () => {
  const from = (tier: string) => pullAddress('/sites/hoge-app', 'blog-JapanEastwebspace-Linux', tier);
  expect(from('Standard')).toBe(from('Standard'));
  expect(from('Basic')).toBe(from('Premium'));
  expect(new Set(['Standard', 'PremiumV2', 'PremiumV3'].map(from)).size).toBe(3);
});
