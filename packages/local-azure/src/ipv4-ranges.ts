import { BlockList, isIPv4 } from 'node:net';

interface Ipv4Range {
  network: string;
  prefix: number;
}

/** Reads `203.0.113.7` or `203.0.113.0/24`; undefined when it is neither. Source: RFC 4632, section 3.1 */
export function parseIpv4Range(text: string): Ipv4Range | undefined {
  const [network = '', prefix = '32', ...rest] = text.split('/');
  if (rest.length > 0 || !isIPv4(network) || !/^(\d|[12]\d|3[0-2])$/.test(prefix)) return undefined;
  return { network, prefix: Number(prefix) };
}

/** Whether an IPv4 address is in one of the ranges. A range that does not parse holds none. */
export function isInRanges(address: string, ranges: string[]): boolean {
  const list = new BlockList();
  for (const text of ranges) {
    const range = parseIpv4Range(text);
    if (range) list.addSubnet(range.network, range.prefix);
  }
  return isIPv4(address) && list.check(address);
}
