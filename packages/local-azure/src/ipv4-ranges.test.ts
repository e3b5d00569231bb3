import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInRanges, parseIpv4Range } from './ipv4-ranges.ts';

test.each<[string, ReturnType<typeof parseIpv4Range>]>([
  ['203.0.113.7', { network: '203.0.113.7', prefix: 32 }],
  ['203.0.113.0/24', { network: '203.0.113.0', prefix: 24 }],
  ['0.0.0.0/0', { network: '0.0.0.0', prefix: 0 }],
  ['', undefined],
  ['/8', undefined],
  ['1.2.3', undefined],
  ['1.2.3.4.5', undefined],
  ['256.0.0.1', undefined],
  ['01.2.3.4', undefined],
  [' 1.2.3.4', undefined],
  ['1.2.3.4/', undefined],
  ['1.2.3.4/-1', undefined],
  ['1.2.3.4/08', undefined],
  ['1.2.3.4/33', undefined],
  ['1.2.3.4/8/8', undefined],
  ['1.2.3.4/255.0.0.0', undefined],
  ['::1', undefined],
  ['::ffff:1.2.3.4', undefined],
])('%j is read as %j', (text, expected) => expect(parseIpv4Range(text)).toEqual(expected));

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

test('a range holds the addresses that share its first bits, wherever in it the network is written', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, network, prefix) => {
      const size = 2 ** (32 - prefix);
      const shared = Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
      expect(isInRanges(address, [`${network}/${prefix}`])).toBe(shared);
      expect(isInRanges(address, [`${address}/${prefix}`])).toBe(true);
    }),
  );
});

test('whatever is asked for is answered', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (address, range) => void isInRanges(address, [range])));
  expect(isInRanges('', ['0.0.0.0/0'])).toBe(false);
});
