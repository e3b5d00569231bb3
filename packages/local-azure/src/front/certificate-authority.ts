import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { writePrivateFile } from '../store/private-file.ts';
import { domains } from './hosts.ts';
import { nameConstraints } from './name-constraints.ts';

const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60 * 1000;

export interface CertificateAuthority {
  /** PEM of the root, for clients to trust. */
  certificate: string;
  /** What a TLS server needs to answer for `host`; made at first use. */
  secureContext(host: string): Promise<SecureContext>;
}

export interface AuthorityFiles {
  certificate: string;
  key: string;
}

/**
 * The private certificate authority kept in two files; made at first use.
 *
 * Its certificate carries critical name constraints, so that nobody who steals the key can speak for any other
 * name than those that the local Azure answers for. Validity is by the real clock: clients judge it so.
 */
export async function openCertificateAuthority(files: AuthorityFiles): Promise<CertificateAuthority> {
  const root = (await readRoot(files)) ?? (await createRoot(files));
  // One key for all leaves: they live in memory and end with the process.
  const leafKey = webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const leaves = new Map<string, { context: Promise<SecureContext>; until: number }>();

  async function issue(host: string): Promise<SecureContext> {
    const x509 = await loadX509();
    const { publicKey, privateKey } = await leafKey;
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: 'O=local-azure',
      issuer: root.issuer,
      ...validFor(365),
      publicKey,
      signingKey: await webcrypto.subtle.importKey('pkcs8', root.key, curve, false, ['sign']),
      signingAlgorithm: curve,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }], true),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
      ],
    });
    const key = createPrivateKey({
      key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)),
      format: 'der',
      type: 'pkcs8',
    });
    return createSecureContext({
      cert: leaf.toString('pem'),
      key: key.export({ type: 'pkcs8', format: 'pem' }),
    });
  }

  return {
    certificate: root.certificate,
    secureContext(host) {
      const known = leaves.get(host);
      if (known && known.until > Date.now()) return known.context;
      const context = issue(host);
      leaves.set(host, { context, until: Date.now() + 300 * day });
      context.catch(() => leaves.delete(host));
      return context;
    },
  };
}

interface Root {
  certificate: string;
  issuer: string;
  key: Buffer;
  publicKey: webcrypto.CryptoKey;
}

/** The root in the files; undefined when there is none, they are damaged or no pair, or it has run out. */
async function readRoot(files: AuthorityFiles): Promise<Root | undefined> {
  const read = (file: string) =>
    readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  const [certificate, key] = await Promise.all([read(files.certificate), read(files.key)]);
  if (certificate === undefined || key === undefined) return undefined;
  const parsed = parsePair(certificate, key);
  if (!parsed || Date.parse(parsed.certificate.validTo) < Date.now() + 30 * day) return undefined;
  return {
    certificate,
    issuer: rootName,
    key: parsed.key.export({ type: 'pkcs8', format: 'der' }),
    publicKey: await webcrypto.subtle.importKey(
      'spki',
      parsed.certificate.publicKey.export({ type: 'spki', format: 'der' }),
      curve,
      true,
      ['verify'],
    ),
  };
}

function parsePair(certificatePem: string, keyPem: string) {
  try {
    const [certificate, key] = [new X509Certificate(certificatePem), createPrivateKey(keyPem)];
    return certificate.checkPrivateKey(key) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

const rootName = 'CN=local-azure (this machine only), O=local-azure';

async function createRoot(files: AuthorityFiles): Promise<Root> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const certificate = (
    await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: rootName,
      ...validFor(10 * 365),
      keys,
      signingAlgorithm: curve,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.Extension('2.5.29.30', true, nameConstraints(domains)),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
  ).toString('pem');
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const pem = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  });
  // The key first: a certificate without its key would not be read as a root.
  await writePrivateFile(files.key, pem.toString());
  await writePrivateFile(files.certificate, certificate);
  return { certificate, issuer: rootName, key, publicKey: keys.publicKey };
}

// Loading these takes longer than all the rest of a start, so it waits for the first host that is asked for.
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const validFor = (days: number) => ({
  notBefore: new Date(Date.now() - day),
  notAfter: new Date(Date.now() + days * day),
});

/** 16 random bytes, positive and without a leading zero. Source: RFC 5280, section 4.1.2.2 */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
