import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  createdOn: number;
}

/** The RS256 key kept for `purpose` (who signs with it), the newest if there are several; made at first use. */
export const loadSigningKey = async (db: Database, clock: Clock, purpose: string): Promise<SigningKey> =>
  readSigningKeys(db, purpose).at(-1) ?? (await createSigningKey(db, clock, purpose));

/** All keys kept for `purpose`, the oldest first. */
export function readSigningKeys(db: Database, purpose: string): SigningKey[] {
  const rows = db
    .prepare(
      'SELECT kid, private_key, created_on FROM signing_keys WHERE purpose = ? ORDER BY created_on, kid',
    )
    .all(purpose) as { kid: string; private_key: string; created_on: number }[];
  return rows.map(({ kid, private_key, created_on: createdOn }) => {
    const privateKey = createPrivateKey(private_key);
    return { kid, privateKey, publicKey: createPublicKey(privateKey), createdOn };
  });
}

export async function createSigningKey(db: Database, clock: Clock, purpose: string): Promise<SigningKey> {
  const kid = randomBytes(20).toString('base64url');
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const createdOn = clock.now();
  db.prepare('INSERT INTO signing_keys (kid, purpose, private_key, created_on) VALUES (?, ?, ?, ?)').run(
    kid,
    purpose,
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    createdOn,
  );
  return { kid, privateKey, publicKey, createdOn };
}

export function deleteSigningKey(db: Database, kid: string): void {
  db.prepare('DELETE FROM signing_keys WHERE kid = ?').run(kid);
}
