import type { Clock } from './clock.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { Entra } from './entra/entra.ts';
import { ownerRole } from './providers/authorization/built-in-roles.ts';
import { createRoleAssignments } from './providers/authorization/role-assignments.ts';
import type { Database } from './store/database.ts';
import { writePrivateFile } from './store/private-file.ts';

interface OwnerParts {
  db: Database;
  clock: Clock;
  entra: Entra;
  subscriptionId: string;
}

/** The owner's credentials, kept in `file`. Makes the principal, its grant and the file at first start. */
export async function readOrCreateOwner(file: string, parts: OwnerParts): Promise<Credentials> {
  const kept = await readCredentials(file);
  if (kept && parts.entra.principals.get(kept.objectId)) return kept;
  const credentials = createOwner(parts);
  await writePrivateFile(file, `${JSON.stringify(credentials, undefined, 2)}\n`);
  return credentials;
}

function createOwner({ db, clock, entra, subscriptionId }: OwnerParts): Credentials {
  const { principal, secret } = entra.principals.createApplication('local-azure-owner');
  createRoleAssignments(db, clock).put({
    name: crypto.randomUUID(),
    scope: `/subscriptions/${subscriptionId}`,
    principalId: principal.id,
    principalType: 'ServicePrincipal',
    roleName: ownerRole,
    createdBy: principal.id,
    // The beginning of time: this grant has long propagated.
    createdOn: 0,
  });
  return {
    tenantId: entra.tenantId,
    subscriptionId,
    clientId: principal.appId,
    clientSecret: secret,
    objectId: principal.id,
  };
}
