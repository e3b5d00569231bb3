import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { FederatedCredentials, NewUser, Principals, ServicePrincipal, User } from '../entra.ts';
import { type Application, type Applications, createApplications } from './applications.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { createFederatedCredentials } from './federated-credentials.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createPrincipalStore, type PrincipalStore } from './principals.ts';

/** Everything that the tenant knows. Object ids are lower-case. */
export interface Directory extends Omit<PrincipalStore, 'delete'>, Principals {
  applications: Omit<Applications, 'rename' | 'delete'>;
  credentials: Credentials;
  federatedCredentials: FederatedCredentials;
  memberships: Memberships;
  passwords: Passwords;
  /** The user with this hash of a password. */
  addUser(user: Omit<NewUser, 'password'>, passwordHash: string): User;
  /** The principal that lets an application sign in. It must not have one yet. */
  createServicePrincipal(application: Application): ServicePrincipal;
  /** Renames its principal as well. */
  renameApplication(application: Application, displayName: string): void;
  /** Deletes the application with its credentials, and its principal. */
  deleteApplication(application: Application): void;
  /** Whose credentials sign in as this service principal: its own, and its application's. */
  credentialOwners(principal: ServicePrincipal): string[];
  /** Runs `work` as one transaction: all of it is kept, or nothing. */
  transaction<T>(work: () => T): T;
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

  const addUser = (user: Omit<NewUser, 'password'>, hash: string) =>
    inTransaction(db, () => {
      const created = principals.create({ kind: 'User', ...user });
      passwords.set(created.id, hash);
      return created;
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
      return addUser(user, await passwords.hash(password));
    },

    addUser,
    createServicePrincipal,

    groupsOf: memberships.groupsOf,

    delete: deletePrincipal,

    renameApplication({ id, appId }, displayName) {
      inTransaction(db, () => {
        applications.rename(id, displayName);
        const principal = principals.getByAppId(appId);
        if (principal) principals.update({ ...principal, displayName });
      });
    },

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

    transaction: (work) => inTransaction(db, work),
  };
}
