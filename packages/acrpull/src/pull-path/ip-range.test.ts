import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInRange } from './ip-range.ts';

test.each([
  ['203.0.113.7', '203.0.113.7', true],
  ['203.0.113.8', '203.0.113.7', false],
  ['203.0.113.7', '203.0.113.0/24', true],
  ['203.0.112.255', '203.0.113.0/24', false],
  ['255.255.255.255', '128.0.0.0/1', true],
  ['203.0.113.7', '0.0.0.0/0', true],
  ['203.0.113.7', '203.0.113.0/33', false],
  ['203.0.113.7', '203.0.113.0/24/1', false],
  ['203.0.113.7', '203.0.113', false],
  ['203.0.113.7', '203.0.113.007', false],
  ['203.0.113.7', '2001:db8::/32', false],
  ['', '0.0.0.0/0', false],
])('%s in %s: %s', (address, range, expected) => expect(isInRange(address, range)).toBe(expected));

// Near each other, since two addresses of the whole internet hardly ever share a range.
const near = fc.tuple(fc.constantFrom(0, 127, 128, 255), fc.constantFrom(0, 1, 254, 255), fc.nat(255));
const address = near.map(([a, b, c]) => `${a}.${b}.${a}.${c}`);

test('it is what Node says', () => {
  fc.assert(
    fc.property(address, address, fc.nat(32), (one, network, prefix) => {
      const list = new BlockList();
      list.addSubnet(network, prefix);
      expect(isInRange(one, `${network}/${prefix}`)).toBe(list.check(one));
    }),
  );
});

test('text that is no range holds nothing, and nothing throws', () => {
  fc.assert(fc.property(fc.string(), (text) => !isInRange('203.0.113.7', text)));
});
