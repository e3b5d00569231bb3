import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { hashSecret, sameSecret } from '../../secret.ts';
import type { Database } from '../../store/database.ts';
import type { Principal, Principals } from '../entra.ts';

interface Row {
  id: string;
  app_id: string;
  kind: Principal['kind'];
  display_name: string;
  resource_id: string | null;
  created_on: number;
}

interface SecretRow {
  hash: string;
  expires_on: number;
}

const twoYears = 2 * 365 * 24 * 60 * 60 * 1000;

const toPrincipal = (row: Row): Principal => ({
  id: row.id,
  appId: row.app_id,
  kind: row.kind,
  displayName: row.display_name,
  ...(row.resource_id === null ? {} : { resourceId: row.resource_id }),
  createdOn: row.created_on,
});

/** {@link Principals}, and the check of a secret, which only the token endpoint may make. */
export interface Directory extends Principals {
  checkSecret(appId: string, secret: string): 'valid' | 'wrong' | 'expired';
}

/** Service principals and their secrets, in the database. */
export function createDirectory(db: Database, clock: Clock): Directory {
  const byId = db.prepare('SELECT * FROM principals WHERE id = ?');
  const byAppId = db.prepare('SELECT * FROM principals WHERE app_id = ?');
  const every = db.prepare('SELECT * FROM principals ORDER BY created_on, id');
  const insert = db.prepare(`
    INSERT INTO principals (id, app_id, kind, display_name, resource_id, created_on)
    VALUES (?, ?, ?, ?, ?, ?) RETURNING *`);
  const insertSecret = db.prepare('INSERT INTO client_secrets (app_id, hash, expires_on) VALUES (?, ?, ?)');
  const secretsOf = db.prepare('SELECT hash, expires_on FROM client_secrets WHERE app_id = ?');
  const removeSecrets = db.prepare(
    'DELETE FROM client_secrets WHERE app_id = (SELECT app_id FROM principals WHERE id = ?)',
  );
  const removeFederated = db.prepare('DELETE FROM federated_credentials WHERE owner_id = ?');
  const remove = db.prepare('DELETE FROM principals WHERE id = ?');

  const create = (kind: Principal['kind'], displayName: string, resourceId: string | null) =>
    toPrincipal(insert.get(randomUUID(), randomUUID(), kind, displayName, resourceId, clock.now()) as Row);
  const find = (row: unknown) => (row ? toPrincipal(row as Row) : undefined);

  return {
    get: (id) => find(byId.get(id.toLowerCase())),
    getByAppId: (appId) => find(byAppId.get(appId.toLowerCase())),
    all: () => (every.all() as Row[]).map(toPrincipal),
    createManagedIdentity: (displayName, resourceId) => create('ManagedIdentity', displayName, resourceId),
    createApplication: (displayName) => {
      const principal = create('Application', displayName, null);
      // Hexadecimal: a secret that began with a dash would be an option to `az login -p`.
      const secret = randomBytes(32).toString('hex');
      insertSecret.run(principal.appId, hashSecret(secret), clock.now() + twoYears);
      return { principal, secret };
    },
    delete: (id) => {
      removeSecrets.run(id.toLowerCase());
      removeFederated.run(id.toLowerCase());
      remove.run(id.toLowerCase());
    },
    checkSecret: (appId, secret) => {
      const given = hashSecret(secret);
      const rows = secretsOf.all(appId.toLowerCase()) as SecretRow[];
      const match = rows.filter((row) => sameSecret(row.hash, given));
      if (match.length === 0) return 'wrong';
      return match.some((row) => row.expires_on > clock.now()) ? 'valid' : 'expired';
    },
  };
}
