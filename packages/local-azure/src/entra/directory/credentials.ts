import { randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { hashSecret, sameSecret } from '../../secret.ts';
import type { Database } from '../../store/database.ts';

/** When a credential holds, in milliseconds, and what people call it. */
interface Described {
  displayName?: string;
  startsOn: number;
  endsOn: number;
}

export interface ClientSecret extends Described {
  keyId: string;
  /** The first characters, so that people can tell them apart. */
  hint: string;
}

export interface ClientCertificate extends Described {
  keyId: string;
  /** DER in base64. */
  certificate: string;
}

/** The secrets and certificates of an owner: an application or a service principal, each by its object id. */
export interface Credentials {
  secrets(ownerId: string): ClientSecret[];
  /** The only time that the secret is to be seen: it is stored as a hash. */
  addSecret(ownerId: string, secret?: Partial<Described>): ClientSecret & { secretText: string };
  /** False when there was none. */
  removeSecret(ownerId: string, keyId: string): boolean;
  checkSecret(ownerIds: readonly string[], secret: string): 'valid' | 'wrong' | 'expired';
  certificates(ownerId: string): ClientCertificate[];
  /** Replaces them all. */
  setCertificates(ownerId: string, certificates: readonly ClientCertificate[]): void;
  /** Forgets all secrets and certificates. */
  deleteAll(ownerId: string): void;
}

/** Source: learn.microsoft.com/graph/api/application-addpassword, `endDateTime` */
const twoYears = 2 * 365 * 24 * 60 * 60 * 1000;

/** The certificate with its key; undefined when it is none. */
export function parseCertificate(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

interface SecretRow extends ClientSecret {
  hash: string;
}

export function createCredentials(db: Database, clock: Clock): Credentials {
  const described = 'key_id AS keyId, display_name AS displayName, starts_on AS startsOn, ends_on AS endsOn';
  const secretsOf = db.prepare(
    `SELECT ${described}, hint, hash FROM client_secrets WHERE owner_id = ? ORDER BY starts_on, key_id`,
  );
  const insertSecret = db.prepare(`
    INSERT INTO client_secrets (key_id, owner_id, hash, hint, display_name, starts_on, ends_on)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const removeSecret = db.prepare('DELETE FROM client_secrets WHERE owner_id = ? AND key_id = ?');
  const removeSecrets = db.prepare('DELETE FROM client_secrets WHERE owner_id = ?');
  const certificatesOf = db.prepare(
    `SELECT ${described}, certificate FROM client_certificates WHERE owner_id = ? ORDER BY starts_on, key_id`,
  );
  const insertCertificate = db.prepare(`
    INSERT INTO client_certificates (owner_id, key_id, certificate, display_name, starts_on, ends_on)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const removeCertificates = db.prepare('DELETE FROM client_certificates WHERE owner_id = ?');

  return {
    secrets: (ownerId) => (secretsOf.all(ownerId) as SecretRow[]).map(({ hash: _, ...secret }) => secret),

    addSecret(ownerId, { displayName, startsOn = clock.now(), endsOn = startsOn + twoYears } = {}) {
      // Hexadecimal: a secret that began with a dash would be an option to `az login -p`.
      const secretText = randomBytes(32).toString('hex');
      const keyId = randomUUID();
      const hint = secretText.slice(0, 3);
      insertSecret.run(keyId, ownerId, hashSecret(secretText), hint, displayName ?? null, startsOn, endsOn);
      return { keyId, hint, ...(displayName ? { displayName } : {}), startsOn, endsOn, secretText };
    },

    removeSecret: (ownerId, keyId) => removeSecret.run(ownerId, keyId.toLowerCase()).changes > 0,

    checkSecret(ownerIds, secret) {
      const given = hashSecret(secret);
      const now = clock.now();
      const matches = ownerIds
        .flatMap((ownerId) => secretsOf.all(ownerId) as SecretRow[])
        .filter((row) => sameSecret(row.hash, given) && row.startsOn <= now);
      if (matches.length === 0) return 'wrong';
      return matches.some(({ endsOn }) => endsOn > now) ? 'valid' : 'expired';
    },

    certificates: (ownerId) => certificatesOf.all(ownerId) as ClientCertificate[],

    setCertificates(ownerId, certificates) {
      removeCertificates.run(ownerId);
      for (const { keyId, certificate, displayName, startsOn, endsOn } of certificates)
        insertCertificate.run(ownerId, keyId, certificate, displayName ?? null, startsOn, endsOn);
    },

    deleteAll(ownerId) {
      removeSecrets.run(ownerId);
      removeCertificates.run(ownerId);
    },
  };
}
