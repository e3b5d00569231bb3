/** One DER element. */
function der(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOf(content)), content]);
}

/** In as few bytes as it needs: Go refuses the certificate otherwise. Source: X.690, section 10.1 */
function lengthOf({ length }: Uint8Array): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
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
