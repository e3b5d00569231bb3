import { generateKeyPairSync } from 'node:crypto';
import type { Database } from '../src/store/database.ts';

// Making a key takes longer than all the rest of a test, so that one serves them all.
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Spares a service the making of its key. */
export function putSigningKey(db: Database, purpose: 'entra' | 'registry', createdOn = 0): void {
  db.prepare('INSERT INTO signing_keys (kid, purpose, private_key, created_on) VALUES (?, ?, ?, ?)').run(
    `key-of-${purpose}`,
    purpose,
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    createdOn,
  );
}
