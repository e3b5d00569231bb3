import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

export interface SelfSigned {
  privateKey: KeyObject;
  x509: X509Certificate;
  /** DER in base64, as Graph takes it. */
  base64: string;
  /** Key and certificate, as clients read it. */
  pem: string;
}

/** A certificate for signing client assertions, with its key. */
export async function createSelfSigned(): Promise<SelfSigned> {
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
  });
  const x509 = new X509Certificate(certificate.toString('pem'));
  const privateKey = createPrivateKey({
    key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    privateKey,
    x509,
    base64: x509.raw.toString('base64'),
    pem: `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${x509.toString()}`,
  };
}
