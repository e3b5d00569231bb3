import { isGuid } from '../../guid.ts';
import { invalidParameter } from './errors.ts';

/**
 * `properties` of `config/web`, and `siteConfig` of a site. App Service keeps what it knows and passes over the rest.
 * Source: Azure/azure-rest-api-specs specification/web, CommonDefinitions.json, "SiteConfig"
 */
export type SiteConfig = Record<string, unknown>;

export type Kind = 'boolean' | 'integer' | 'string' | 'array' | 'object';

const properties: Record<Kind, readonly string[]> = {
  boolean: [
    'requestTracingEnabled',
    'remoteDebuggingEnabled',
    'httpLoggingEnabled',
    'acrUseManagedIdentityCreds',
    'detailedErrorLoggingEnabled',
    'use32BitWorkerProcess',
    'webSocketsEnabled',
    'alwaysOn',
    'autoHealEnabled',
    'vnetRouteAllEnabled',
    'localMySqlEnabled',
    'scmIpSecurityRestrictionsUseMain',
    'http20Enabled',
    'functionsRuntimeScaleMonitoringEnabled',
  ],
  integer: [
    'numberOfWorkers',
    'logsDirectorySizeLimit',
    'vnetPrivatePortsCount',
    'managedServiceIdentityId',
    'xManagedServiceIdentityId',
    'preWarmedInstanceCount',
    'functionAppScaleLimit',
    'elasticWebAppScaleLimit',
    'minimumElasticInstanceCount',
    'http20ProxyFlag',
  ],
  string: [
    'netFrameworkVersion',
    'phpVersion',
    'pythonVersion',
    'nodeVersion',
    'powerShellVersion',
    'linuxFxVersion',
    'windowsFxVersion',
    'requestTracingExpirationTime',
    'remoteDebuggingVersion',
    'acrUserManagedIdentityID',
    'publishingUsername',
    'documentRoot',
    'scmType',
    'javaVersion',
    'javaContainer',
    'javaContainerVersion',
    'appCommandLine',
    'managedPipelineMode',
    'loadBalancing',
    'tracingOptions',
    'vnetName',
    'autoSwapSlotName',
    'keyVaultReferenceIdentity',
    'ipSecurityRestrictionsDefaultAction',
    'scmIpSecurityRestrictionsDefaultAction',
    'minTlsVersion',
    'minTlsCipherSuite',
    'scmMinTlsVersion',
    'ftpsState',
    'healthCheckPath',
    'websiteTimeZone',
    'publicNetworkAccess',
  ],
  array: [
    'defaultDocuments',
    'handlerMappings',
    'virtualApplications',
    'ipSecurityRestrictions',
    'scmIpSecurityRestrictions',
  ],
  object: [
    'experiments',
    'limits',
    'autoHealRules',
    'cors',
    'push',
    'apiDefinition',
    'apiManagementConfig',
    'metadata',
    'azureStorageAccounts',
  ],
};

const kinds = new Map(
  Object.entries(properties).flatMap(([kind, names]) =>
    names.map((name) => [name.toLowerCase(), { name, kind: kind as Kind }] as const),
  ),
);

/** What a new Linux site has. */
export const defaultSiteConfig: SiteConfig = {
  numberOfWorkers: 1,
  defaultDocuments: [
    'Default.htm',
    'Default.html',
    'Default.asp',
    'index.htm',
    'index.html',
    'iisstart.htm',
    'default.aspx',
    'index.php',
    'hostingstart.html',
  ],
  netFrameworkVersion: 'v4.0',
  phpVersion: '',
  pythonVersion: '',
  nodeVersion: '',
  powerShellVersion: '',
  linuxFxVersion: '',
  windowsFxVersion: null,
  requestTracingEnabled: false,
  remoteDebuggingEnabled: false,
  remoteDebuggingVersion: null,
  httpLoggingEnabled: false,
  acrUseManagedIdentityCreds: false,
  acrUserManagedIdentityID: null,
  logsDirectorySizeLimit: 35,
  detailedErrorLoggingEnabled: false,
  scmType: 'None',
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  alwaysOn: false,
  appCommandLine: '',
  managedPipelineMode: 'Integrated',
  virtualApplications: [{ virtualPath: '/', physicalPath: 'site\\wwwroot', preloadEnabled: false }],
  loadBalancing: 'LeastRequests',
  experiments: { rampUpRules: [] },
  autoHealEnabled: false,
  vnetName: '',
  vnetRouteAllEnabled: false,
  vnetPrivatePortsCount: 0,
  localMySqlEnabled: false,
  ipSecurityRestrictions: [
    {
      ipAddress: 'Any',
      action: 'Allow',
      priority: 2147483647,
      name: 'Allow all',
      description: 'Allow all access',
    },
  ],
  scmIpSecurityRestrictions: [
    {
      ipAddress: 'Any',
      action: 'Allow',
      priority: 2147483647,
      name: 'Allow all',
      description: 'Allow all access',
    },
  ],
  scmIpSecurityRestrictionsUseMain: false,
  http20Enabled: false,
  minTlsVersion: '1.2',
  scmMinTlsVersion: '1.2',
  ftpsState: 'FtpsOnly',
  preWarmedInstanceCount: 0,
  functionAppScaleLimit: 0,
  functionsRuntimeScaleMonitoringEnabled: false,
  minimumElasticInstanceCount: 0,
  azureStorageAccounts: {},
};

/**
 * The configuration after a write. Null means "as it is", for PUT and PATCH alike; unknown properties are dropped
 * without a word, as App Service does.
 */
export function mergeSiteConfig(current: SiteConfig, changes: Record<string, unknown>): SiteConfig {
  const merged = { ...current };
  for (const [given, value] of Object.entries(changes)) {
    const property = kinds.get(given.toLowerCase());
    if (!property || value === null || value === undefined) continue;
    merged[property.name] = coerce(property.name, property.kind, value);
  }
  return merged;
}

/** The value, if it is of the kind or can be read as such. */
export function coerce(name: string, kind: Kind, value: unknown): unknown {
  // A resource id is read back as null: the property wants a client id. Seen by users; catalogue, cause A6.
  if (name === 'acrUserManagedIdentityID') return isGuid(value) ? value : null;
  const fits = {
    boolean: typeof value === 'boolean',
    integer: Number.isInteger(value),
    string: typeof value === 'string',
    array: Array.isArray(value),
    object: typeof value === 'object' && !Array.isArray(value),
  }[kind];
  if (fits) return value;
  // Clients such as `az webapp config set --generic-configurations name=value` send scalars as strings.
  if (typeof value === 'string') {
    if (kind === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    if (kind === 'integer' && /^-?\d+$/.test(value)) return Number(value);
  }
  if (kind === 'string' && typeof value !== 'object') return String(value);
  throw invalidParameter(name);
}
