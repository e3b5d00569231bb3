import { readFile } from 'node:fs/promises';
import type { Clock } from './clock.ts';
import type { Entra } from './entra/entra.ts';
import type { Database } from './store/database.ts';
import { writePrivateFile } from './store/private-file.ts';

/** How to sign in as the first service principal, which owns the one subscription. */
export interface Credentials {
  tenantId: string;
  subscriptionId: string;
  clientId: string;
  clientSecret: string;
  /** The principal's object id. */
  objectId: string;
}

/** Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged#owner */
const ownerRole = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

interface Parts {
  db: Database;
  clock: Clock;
  entra: Entra;
  subscriptionId: string;
}

/** The credentials kept in `file`. Makes the principal, its grant and the file at first start. */
export async function readOrCreateCredentials(file: string, parts: Parts): Promise<Credentials> {
  const kept = await readCredentials(file);
  if (kept && parts.entra.principals.get(kept.objectId)) return kept;
  const credentials = createOwner(parts);
  await writePrivateFile(file, `${JSON.stringify(credentials, undefined, 2)}\n`);
  return credentials;
}

export async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function createOwner({ db, entra, subscriptionId }: Parts): Credentials {
  const { principal, secret } = entra.principals.createApplication('local-azure-owner');
  const scope = `/subscriptions/${subscriptionId}`;
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
  // Created at the beginning of time: this grant has long propagated.
  db.prepare(`
    INSERT INTO role_assignments
      (key, id, scope, principal_id, principal_type, role_definition_id, created_on, created_by)
    VALUES (?, ?, ?, ?, 'ServicePrincipal', ?, 0, ?)`).run(
    id.toLowerCase(),
    id,
    scope.toLowerCase(),
    principal.id,
    ownerRole,
    principal.id,
  );
  return {
    tenantId: entra.tenantId,
    subscriptionId,
    clientId: principal.appId,
    clientSecret: secret,
    objectId: principal.id,
  };
}
