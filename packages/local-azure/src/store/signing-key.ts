import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** The RS256 key kept for `purpose` (who signs with it); made at first use. */
export async function loadSigningKey(db: Database, clock: Clock, purpose: string): Promise<SigningKey> {
  const row = db
    .prepare('SELECT kid, private_key FROM signing_keys WHERE purpose = ? ORDER BY created_on DESC LIMIT 1')
    .get(purpose) as { kid: string; private_key: string } | undefined;
  if (row) {
    const privateKey = createPrivateKey(row.private_key);
    return { kid: row.kid, privateKey, publicKey: createPublicKey(privateKey) };
  }
  const kid = randomBytes(20).toString('base64url');
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  db.prepare('INSERT INTO signing_keys (kid, purpose, private_key, created_on) VALUES (?, ?, ?, ?)').run(
    kid,
    purpose,
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    clock.now(),
  );
  return { kid, privateKey, publicKey };
}
