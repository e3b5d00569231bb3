/** What the control plane knows of a registry and the data plane must obey. Read anew for each request. */
export interface RegistryFacts {
  /** Resource id: the scope at which a principal's rights are decided. */
  id: string;
  /** `hoge.azurecr.io`, lower-case. Audience of the registry's tokens, and the key of its content on disk. */
  loginServer: string;
  adminUserEnabled: boolean;
  /** Present even while the admin user is off; it counts only while it is on. */
  adminCredentials: AdminCredentials;
  anonymousPullEnabled: boolean;
  firewall: Firewall;
  /** The host that serves its blobs, such as `hoge.japaneast.data.azurecr.io`; absent when it serves them itself. */
  dataEndpoint: string | undefined;
  /** `policies.azureADAuthenticationAsArmPolicy.status`: are tokens for Resource Manager's audience accepted? */
  azureADAuthenticationAsArmPolicy: 'enabled' | 'disabled';
  /** Do roles give rights by their actions, in the whole registry, or by their data actions, in each repository? */
  roleAssignmentMode: 'LegacyRegistryPermissions' | 'AbacRepositoryPermissions';
  /** The token of this name, which is its user name; undefined when there is none. */
  findToken(name: string): RepositoryToken | undefined;
}

/** Who may reach the registry at all. Source: azure-rest-api-specs containerregistry RegistryProperties */
export interface Firewall {
  publicNetworkAccess: 'Enabled' | 'Disabled';
  networkRuleSet: {
    /** What befalls an address that no rule names. */
    defaultAction: 'Allow' | 'Deny';
    /** `value` is an IPv4 address, or a range such as `203.0.113.0/24`. */
    ipRules: { action: 'Allow'; value: string }[];
  };
}

export interface AdminCredentials {
  username: string;
  passwords: [string, string];
}

/** A credential of the registry's own, for a part of its repositories. */
export interface RepositoryToken {
  name: string;
  status: 'enabled' | 'disabled';
  /** `expiry` in milliseconds; absent for a password that stays good. */
  passwords: readonly { hash: string; expiry?: number }[];
  /** Those of its scope map, such as `repositories/team/app/content/read`. */
  actions: readonly string[];
}

/** Finds a registry by the host name that clients use; undefined when no registry has it. */
export type RegistryLookup = (loginServer: string) => RegistryFacts | undefined;
