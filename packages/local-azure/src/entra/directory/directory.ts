import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { FederatedCredentials, Principals, ServicePrincipal } from '../entra.ts';
import { type Application, type Applications, createApplications } from './applications.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { createFederatedCredentials } from './federated-credentials.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createPrincipalStore, type PrincipalStore } from './principals.ts';

/** Everything that the tenant knows. Object ids are lower-case. */
export interface Directory extends Omit<PrincipalStore, 'delete'>, Principals {
  applications: Omit<Applications, 'delete'>;
  credentials: Credentials;
  federatedCredentials: FederatedCredentials;
  memberships: Memberships;
  passwords: Passwords;
  /** The principal that lets an application sign in. It must not have one yet. */
  createServicePrincipal(application: Application): ServicePrincipal;
  /** Deletes the application with its credentials, and its principal. */
  deleteApplication(application: Application): void;
  /** Whose credentials sign in as this service principal: its own, and its application's. */
  credentialOwners(principal: ServicePrincipal): string[];
}

export function createDirectory(db: Database, clock: Clock): Directory {
  const principals = createPrincipalStore(db, clock);
  const applications = createApplications(db, clock);
  const credentials = createCredentials(db, clock);
  const federatedCredentials = createFederatedCredentials(db);
  const memberships = createMemberships(db, clock);
  const passwords = createPasswords(db, clock);

  const createServicePrincipal = ({ appId, displayName }: Application, isDirectoryAdmin = false) =>
    principals.create({
      ...{ kind: 'Application' as const, appId, displayName, accountEnabled: true },
      ...(isDirectoryAdmin ? { isDirectoryAdmin } : {}),
    });

  const deleteCredentials = (ownerId: string) => {
    credentials.deleteAll(ownerId);
    federatedCredentials.deleteAll(ownerId);
  };

  const deletePrincipal = (id: string) =>
    inTransaction(db, () => {
      const key = id.toLowerCase();
      deleteCredentials(key);
      memberships.deleteAll(key);
      passwords.delete(key);
      principals.delete(key);
    });

  return {
    ...principals,
    applications,
    credentials,
    federatedCredentials,
    memberships,
    passwords,

    createManagedIdentity: (displayName, resourceId) =>
      principals.create({
        kind: 'ManagedIdentity',
        appId: randomUUID(),
        displayName,
        resourceId,
        accountEnabled: true,
      }),

    createApplication: (displayName, { isDirectoryAdmin } = { isDirectoryAdmin: false }) =>
      inTransaction(db, () => {
        const application = applications.create(displayName);
        const principal = createServicePrincipal(application, isDirectoryAdmin);
        return { principal, secret: credentials.addSecret(application.id).secretText };
      }),

    async createUser({ password, ...user }) {
      const hash = await passwords.hash(password);
      return inTransaction(db, () => {
        const created = principals.create({ kind: 'User', ...user });
        passwords.set(created.id, hash);
        return created;
      });
    },

    createServicePrincipal,

    groupsOf: memberships.groupsOf,

    delete: deletePrincipal,

    deleteApplication({ id, appId }) {
      inTransaction(db, () => {
        const principal = principals.getByAppId(appId);
        if (principal) deletePrincipal(principal.id);
        deleteCredentials(id);
        applications.delete(id);
      });
    },

    credentialOwners({ id, appId }) {
      const application = applications.getByAppId(appId);
      return application ? [id, application.id] : [id];
    },
  };
}
