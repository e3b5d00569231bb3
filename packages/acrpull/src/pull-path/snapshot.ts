/**
 * Everything that was read about one app, once, as plain data. Checks judge it, reports print it, and it can be
 * saved: it holds no secret (of app settings, only which are there). Its JSON schema is made of these types by
 * `npm run docs:schemas`; a saved one of this version has exactly what is here.
 *
 * What several sites may share stands once, by its key: registries, images, grants, identities.
 */
export interface Snapshot {
  schema: 'acrpull.snapshot/1';
  /**
   * ISO 8601. What is "young" is judged against this, never against the clock of whoever judges.
   * @format date-time
   */
  takenOn: string;
  app: { id: string; name: string; resourceGroup: string; subscriptionId: string };
  /** Names of app settings that stay with their slot in a swap. */
  slotSettingNames: Fact<string[]>;
  /** Production first, then the slots by name. */
  sites: SiteFacts[];
  /** By lower-case login server: the registries that the sites' images name. */
  registries: Record<string, Fact<RegistryFacts>>;
  /** Login servers of all registries of the app's subscription that the reader sees. */
  loginServers: Fact<string[]>;
  /** By `host/repository:tag`: what the registry says of each image; null means it knows no such manifest. */
  manifests: Record<string, Fact<ManifestFacts | null>>;
  /** By `host/repository:tag`, as `manifests`: the registry's webhooks that a push of the image sets off. */
  webhooks: Record<string, Fact<WebhookFacts[]>>;
  /**
   * By principal id of the sites' identities: role assignments at any scope that the reader can see, its groups' too.
   */
  grants: Record<string, Fact<Grant[]>>;
  /** By lower-case resource id: the user-assigned identities of the sites; null means it is deleted. */
  userAssignedIdentities: Record<string, Fact<UserAssignedIdentityFacts | null>>;
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
  platform: Platform;
  /** As read: `Running` or `Stopped`. Running means only that it is meant to run. */
  state: string;
  hostName: string;
  /** The Kudu host, where the log stream is. */
  scmHostName: string;
  identity: IdentityFacts;
  config: Fact<ConfigFacts>;
  appSettings: Fact<AppSettingFacts>;
  /** Of a site with sidecars (`SITECONTAINERS`); any other has none. */
  containers: Fact<ContainerFacts[]>;
  /** What the platform says of each instance of a Linux site. */
  siteStatus: Fact<InstanceStatus[]>;
  network: SiteNetworkFacts;
}

export type Platform = 'linux' | 'windows';

export interface IdentityFacts {
  /** As read: `None`, `SystemAssigned`, `UserAssigned`, `SystemAssigned, UserAssigned`. */
  type: string;
  systemAssigned?: { principalId: string; tenantId?: string };
  userAssigned: { id: string; clientId: string; principalId: string }[];
}

/** How a site reaches others. */
export interface SiteNetworkFacts {
  /** The subnet that the site is integrated with. */
  virtualNetworkSubnetId: string | null;
  /** The App Service Environment that the site is in, whose virtual network all its traffic goes through. */
  hostingEnvironmentId: string | null;
  /**
   * Whether images are pulled through the virtual network: `vnetImagePullEnabled`, which newer api-versions call
   * `outboundVnetRouting.imagePullTraffic` (cause D5). `false` also where nobody ever wrote it.
   */
  vnetImagePullEnabled: boolean | null;
  /** Of `dnsConfiguration`. */
  dnsServers: string[];
  /** Azure takes any of them, at random. */
  outboundIpAddresses: string[];
  /** These and those that the site may come to have when its tier changes. */
  possibleOutboundIpAddresses: string[];
}

export interface ConfigFacts {
  linuxFxVersion: string;
  windowsFxVersion: string;
  acrUseManagedIdentityCreds: boolean;
  acrUserManagedIdentityID: string | null;
}

/** Of what concerns a pull: which settings are there, and of values a host name, switches and numbers alone. */
export interface AppSettingFacts {
  /** Host of `DOCKER_REGISTRY_SERVER_URL`, lower-case. */
  registryHost?: string;
  /** Whose name `DOCKER_REGISTRY_SERVER_USERNAME` is: that of the registry's admin user, or another. */
  username?: 'admin' | 'other';
  /** Whether `DOCKER_REGISTRY_SERVER_PASSWORD` is there. */
  password: boolean;
  /** That `WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS` is off. */
  defaultsTravel?: true;
  /** `WEBSITE_PULL_IMAGE_OVER_VNET`. */
  pullImageOverVnet?: boolean;
  /** Whether `WEBSITE_DNS_SERVER` is there. */
  dnsServer?: true;
  /** `WEBSITES_PORT`. */
  websitesPort?: number;
  /** `WEBSITES_CONTAINER_START_TIME_LIMIT`, in seconds. */
  startTimeLimit?: number;
}

/** A container of a site with sidecars. Source: azure-rest-api-specs Microsoft.Web SiteContainer */
export interface ContainerFacts {
  name: string;
  image: string;
  isMain: boolean;
  /** `Anonymous`, `UserCredentials`, `SystemIdentity` or `UserAssigned`. */
  authType: string;
  userManagedIdentityClientId: string | null;
}

/** Source: azure-cli 2.91 appservice custom.py, "troubleshoot_status"; no specification has it. */
export interface InstanceStatus {
  instanceId: string;
  /** Such as `Started`, `Stopped` or `Blocked`. Source: Azure/AppService _posts/2026-06-01-sitestatus.md */
  state: string;
  /** Such as `ImagePullUnauthorizedFailure` or `ContainerTimeout`: of whatever time, also when all is well again. */
  lastError: string | null;
}

export interface Grant {
  id: string;
  scope: string;
  /** The subscription in whose list it is: that is how far one at a management group is known to count. */
  listedIn: string;
  /** The principal itself, or a group that it is in. */
  principalId: string;
  role: RoleFacts;
  condition?: string;
  /**
   * ISO 8601.
   * @format date-time
   */
  createdOn?: string;
}

/** Of a role, or of a deny assignment: what each entry includes counts, less what the same entry leaves out. */
export interface Permission {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

/** What Azure's `permissions` list says that the caller may do. */
export interface CallerPermission extends Pick<Permission, 'actions' | 'notActions'> {
  /** What the permission is under; it is not evaluated here. */
  condition?: string;
}

export interface RoleFacts {
  /** The role definition's GUID, lower-case. */
  id: string;
  name: string;
  isCustom: boolean;
  permissions: Permission[];
}

/** Source: MicrosoftDocs/azure-docs role-based-access-control/deny-assignments.md */
export interface DenyAssignment {
  id: string;
  name: string;
  scope: string;
  doNotApplyToChildScopes: boolean;
  /** Object ids, and the empty GUID for everybody. */
  principals: string[];
  excludePrincipals: string[];
  permissions: Permission[];
}

export interface UserAssignedIdentityFacts {
  clientId: string;
  principalId: string;
  tenantId: string;
}

export interface RegistryFacts {
  id: string;
  name: string;
  loginServer: string;
  sku: string;
  adminUserEnabled: boolean;
  /** Absent on registries older than the property: `LegacyRegistryPermissions` is meant. */
  roleAssignmentMode?: string;
  /** `enabled` or `disabled`: whether tokens that are meant for Resource Manager are accepted. */
  azureADAuthenticationAsArmPolicy: string;
  quarantinePolicy: string;
  /** Of its last change: `Succeeded`, `Updating`, `Failed`, … */
  provisioningState: string;
  /** Whether it is encrypted with a key of the customer's own. */
  customerManagedKey: boolean;
  network: RegistryNetworkFacts;
  /** Of the subscription that the registry is in. */
  tenantId: Fact<string>;
  /** What whoever reads may do at the registry: Azure's `permissions` list. */
  callerPermissions: Fact<CallerPermission[]>;
  /** At the registry and above. */
  denyAssignments: Fact<DenyAssignment[]>;
  /** Role assignments at the registry itself whose principal is deleted; asked for when a grant is missing. */
  orphans: Fact<Grant[]>;
}

/** Whom a registry lets in. Source: azure-rest-api-specs Microsoft.ContainerRegistry stable/2025-11-01 */
export interface RegistryNetworkFacts {
  /** `Enabled` or `Disabled`. */
  publicNetworkAccess: string;
  /** `Allow` or `Deny`: of addresses that no rule names. */
  defaultAction: string;
  /** The addresses and ranges that rules let in. */
  ipRules: string[];
  /** `AzureServices` or `None`: whether services that Azure trusts get past the rules. */
  networkRuleBypassOptions: string;
  /** Where layers come from; empty without dedicated data endpoints. */
  dataEndpointHostNames: string[];
  privateEndpointConnections: { name: string; status: string }[];
}

export interface ManifestFacts {
  digest: string;
  mediaType: string;
  /** What the image is for; absent where the registry does not tell. */
  platforms?: ImagePlatform[];
}

/** Never where it posts to, but for the host: the rest of its URI holds a password. */
export interface WebhookFacts {
  id: string;
  /** `repository`, `repository:tag`, `repository:*`, or empty for all of the registry. */
  scope: string;
  /** Of its last event; null when there was none yet. */
  lastEvent: Fact<{ host: string; statusCode: string } | null>;
}

/** In OCI's words, such as `linux` and `amd64`. */
export interface ImagePlatform {
  os: string;
  architecture: string;
}

export const known = <T>(value: T): Fact<T> => ({ known: true, value });
export const unknown = (because: Unreadable): Fact<never> => ({ known: false, because });
export const notRead = (message: string, resource: string): Fact<never> =>
  unknown({ kind: 'not-read', message, resource });
export const mapFact = <A, B>(fact: Fact<A>, map: (value: A) => B): Fact<B> =>
  fact.known ? known(map(fact.value)) : fact;
/** All of them; unknown when one is. */
export function concatFacts<T>(facts: Fact<T[]>[]): Fact<T[]> {
  const missing = facts.find((fact) => !fact.known);
  return missing ?? known(facts.flatMap((fact) => (fact.known ? fact.value : [])));
}
