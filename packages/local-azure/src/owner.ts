import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { type Entra, type Principal, principalTypeOf, tenantDomain } from './entra/entra.ts';
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

/**
 * The credentials of the first service principal and the first user, kept in `file`. Makes both, with their grants, and
 * the file at first start: each owns the subscription and may change the directory.
 */
export async function readOrCreateOwner(file: string, parts: OwnerParts): Promise<Credentials> {
  const kept = await readCredentials(file);
  if (kept && parts.entra.principals.get(kept.objectId)) return kept;
  const credentials = await createOwners(parts);
  await writePrivateFile(file, `${JSON.stringify(credentials, undefined, 2)}\n`);
  return credentials;
}

async function createOwners({ db, clock, entra, subscriptionId }: OwnerParts): Promise<Credentials> {
  const { principal, secret } = entra.principals.createApplication('local-azure-owner', {
    isDirectoryAdmin: true,
  });
  const userPrincipalName = `owner@${tenantDomain}`;
  // A first start that was killed may have left one, whose password nobody knows.
  const left = entra.principals.getByUserPrincipalName(userPrincipalName);
  if (left) entra.principals.delete(left.id);
  const userPassword = randomBytes(12).toString('base64url');
  const user = await entra.principals.createUser({
    userPrincipalName,
    displayName: 'Local Azure owner',
    mailNickname: 'owner',
    accountEnabled: true,
    isDirectoryAdmin: true,
    password: userPassword,
  });
  const assignments = createRoleAssignments(db, clock);
  const grantOwnership = (to: Principal) =>
    assignments.put({
      name: crypto.randomUUID(),
      scope: `/subscriptions/${subscriptionId}`,
      principalId: to.id,
      principalType: principalTypeOf(to),
      roleName: ownerRole,
      createdBy: principal.id,
      // The beginning of time: this grant has long propagated.
      createdOn: 0,
    });
  for (const owner of [principal, user]) grantOwnership(owner);
  return {
    tenantId: entra.tenantId,
    subscriptionId,
    clientId: principal.appId,
    clientSecret: secret,
    objectId: principal.id,
    userPrincipalName,
    userPassword,
  };
}
