/**
 * Everything that was read about one app, once, as plain data. Checks judge it, reports print it, and it can be
 * saved: it holds no secret (of app settings, only whether they are there).
 */
export interface Snapshot {
  schema: 'acrpull.snapshot/1';
  /** ISO 8601. What is "young" is judged against this, never against the clock of whoever judges. */
  takenOn: string;
  app: { id: string; name: string; resourceGroup: string; subscriptionId: string };
  /** Production first, then the slots by name. */
  sites: SiteFacts[];
  /** By lower-case login server: the registries that the sites' images name. */
  registries: Record<string, Fact<RegistryFacts>>;
}

/** A value that was read, or why it could not be. "Could not read" is never the same as "is not there". */
export type Fact<T> = { known: true; value: T } | { known: false; because: Unreadable };

export interface Unreadable {
  kind: 'denied' | 'not-visible' | 'no-such-host' | 'unreachable' | 'not-read';
  /** A sentence, as the service put it where it said something. */
  message: string;
  /** The resource id or URL that was asked. */
  resource: string;
  /** The action that was denied, such as `Microsoft.Web/sites/config/list/action`. */
  action?: string;
}

/** One site: the app's production slot, or another slot. */
export interface SiteFacts {
  id: string;
  /** Absent for production. */
  slot?: string;
  /** As read: `Running` or `Stopped`. Running means only that it is meant to run. */
  state: string;
  hostName: string;
  /** The Kudu host, where the log stream is. */
  scmHostName: string;
  identity: IdentityFacts;
  config: Fact<ConfigFacts>;
  /** Whether registry credentials are among the app settings; never their values. */
  credentials: Fact<{ username: boolean; password: boolean }>;
  /** Role assignments of the principal that pulls, at any scope that the reader can see. */
  grants: Fact<Grant[]>;
  /** What the registry says of the configured image; null means the registry knows no such manifest. */
  manifest: Fact<ManifestFacts | null>;
}

export interface IdentityFacts {
  /** As read: `None`, `SystemAssigned`, `UserAssigned`, `SystemAssigned, UserAssigned`. */
  type: string;
  systemAssigned?: { principalId: string; tenantId?: string };
  userAssigned: { id: string; clientId: string; principalId: string }[];
}

export interface ConfigFacts {
  linuxFxVersion: string;
  acrUseManagedIdentityCreds: boolean;
  acrUserManagedIdentityID: string | null;
}

export interface Grant {
  id: string;
  scope: string;
  principalId: string;
  role: RoleFacts;
  condition?: string;
  /** ISO 8601. */
  createdOn?: string;
}

export interface RoleFacts {
  /** The role definition's GUID, lower-case. */
  id: string;
  name: string;
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

export interface RegistryFacts {
  id: string;
  name: string;
  loginServer: string;
  sku: string;
  adminUserEnabled: boolean;
  /** Absent on registries older than the property: `LegacyRegistryPermissions` is meant. */
  roleAssignmentMode?: string;
  /** What whoever reads may do at the registry: Azure's `permissions` list. */
  callerPermissions: Fact<Pick<RoleFacts, 'actions' | 'notActions'>[]>;
}

export interface ManifestFacts {
  digest: string;
  mediaType: string;
}

export const known = <T>(value: T): Fact<T> => ({ known: true, value });
export const unknown = (because: Unreadable): Fact<never> => ({ known: false, because });
export const mapFact = <A, B>(fact: Fact<A>, map: (value: A) => B): Fact<B> =>
  fact.known ? known(map(fact.value)) : fact;
