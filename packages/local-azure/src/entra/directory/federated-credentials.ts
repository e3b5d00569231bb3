import { randomUUID } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import type { FederatedCredential, FederatedCredentials } from '../entra.ts';

interface Row {
  id: string;
  name: string;
  issuer: string;
  subject: string;
  audiences: string;
  description: string | null;
}

const toCredential = ({ audiences, description, ...row }: Row): FederatedCredential => ({
  ...row,
  audiences: JSON.parse(audiences) as string[],
  ...(description === null ? {} : { description }),
});

export function createFederatedCredentials(db: Database): FederatedCredentials {
  const columns = 'id, name, issuer, subject, audiences, description';
  const ofOwner = db.prepare(
    `SELECT ${columns} FROM federated_credentials WHERE owner_id = ? ORDER BY name_key`,
  );
  const byName = db.prepare(
    `SELECT ${columns} FROM federated_credentials WHERE owner_id = ? AND name_key = ?`,
  );
  const upsert = db.prepare(`
    INSERT INTO federated_credentials (owner_id, name_key, id, name, issuer, subject, audiences, description)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (owner_id, name_key) DO UPDATE SET
      issuer = excluded.issuer, subject = excluded.subject, audiences = excluded.audiences,
      description = excluded.description
    RETURNING ${columns}`);
  const remove = db.prepare('DELETE FROM federated_credentials WHERE owner_id = ? AND name_key = ?');
  const removeAll = db.prepare('DELETE FROM federated_credentials WHERE owner_id = ?');

  return {
    ofOwner: (ownerId) => (ofOwner.all(ownerId) as Row[]).map(toCredential),
    get: (ownerId, name) => {
      const row = byName.get(ownerId, name.toLowerCase()) as Row | undefined;
      return row && toCredential(row);
    },
    put: (ownerId, { name, issuer, subject, audiences, description }) =>
      toCredential(
        upsert.get(
          ...[ownerId, name.toLowerCase(), randomUUID(), name, issuer, subject],
          ...[JSON.stringify(audiences), description ?? null],
        ) as Row,
      ),
    delete: (ownerId, name) => remove.run(ownerId, name.toLowerCase()).changes > 0,
    deleteAll: (ownerId) => {
      removeAll.run(ownerId);
    },
  };
}

/** Source: learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
export const maxFederatedCredentials = 20;

/** Why a credential cannot be put beside the others of its owner; undefined when it can. */
export function federatedCredentialConflict(
  others: readonly FederatedCredential[],
  wanted: Pick<FederatedCredential, 'name' | 'issuer' | 'subject'>,
): 'same-subject' | 'too-many' | undefined {
  const rest = others.filter(({ name }) => name.toLowerCase() !== wanted.name.toLowerCase());
  if (rest.some(({ issuer, subject }) => issuer === wanted.issuer && subject === wanted.subject))
    return 'same-subject';
  return rest.length >= maxFederatedCredentials ? 'too-many' : undefined;
}
