/** One DER element. */
function der(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
}

const sequence = 0x30;
const permittedSubtrees = 0xa0;
const excludedSubtrees = 0xa1;
const dnsName = 0x82;
const ipAddress = 0x87;

/**
 * The value of an X.509 name-constraints extension that permits these domains with all below them, and no IP address.
 * A permitted DNS subtree says nothing of addresses, hence the excluded ranges.
 * Source: RFC 5280, section 4.2.1.10
 */
export function nameConstraints(domains: readonly string[]): Uint8Array {
  const anyV4 = new Uint8Array(8);
  const anyV6 = new Uint8Array(32);
  return der(
    sequence,
    der(
      permittedSubtrees,
      ...domains.map((domain) => der(sequence, der(dnsName, Buffer.from(domain, 'ascii')))),
    ),
    der(excludedSubtrees, der(sequence, der(ipAddress, anyV4)), der(sequence, der(ipAddress, anyV6))),
  );
}
