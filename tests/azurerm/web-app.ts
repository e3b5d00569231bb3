import {
  type Attributes,
  absent,
  type Call,
  get,
  type Json,
  normalized,
  type Resource,
  versions,
} from './provider.ts';

const apiVersion = versions.web;
const registryUrl = 'https://tfhoge.azurecr.io';
const image = 'hello:0.1.0';

export interface Place {
  location: string;
  planId: string;
}

/** Which identity a site has, and pulls with. */
type Puller = { kind: 'SystemAssigned' } | { kind: 'UserAssigned'; identityId: string; clientId: string };

/** `azurerm_linux_web_app`. Source: internal/services/appservice/linux_web_app_resource.go */
export function webApp(id: string, place: Place): Resource {
  const subscription = id.split('/').slice(0, 3).join('/');
  const plan = get(place.planId, apiVersion);
  const availability: Call = {
    ...{
      method: 'POST',
      path: `${subscription}/providers/Microsoft.Web/checknameavailability`,
      takes: [200],
    },
    ...{ apiVersion: versions.siteNames, body: { name: 'tf-app', type: 'Microsoft.Web/sites' } },
  };
  return site('azurerm_linux_web_app', id, place, {
    puller: { kind: 'SystemAssigned' },
    before: [absent(id, apiVersion), plan, availability],
    beforeUpdate: [get(id, apiVersion), plan, get(`${id}/config/web`, apiVersion)],
  });
}

/** `azurerm_linux_web_app_slot`. Source: internal/services/appservice/linux_web_app_slot_resource.go */
export function webAppSlot(
  appId: string,
  name: string,
  { identityId, clientId, ...place }: Place & { identityId: string; clientId: string },
): Resource {
  const id = `${appId}/slots/${name}`;
  return site('azurerm_linux_web_app_slot', id, place, {
    puller: { kind: 'UserAssigned', identityId, clientId },
    before: [get(appId, apiVersion), absent(id, apiVersion)],
    beforeUpdate: [get(id, apiVersion), get(`${id}/config/web`, apiVersion)],
  });
}

interface Kind {
  puller: Puller;
  /** What the provider asks before it creates one. */
  before: Call[];
  /** What it reads again before it changes one. */
  beforeUpdate: Call[];
}

function site(type: string, id: string, place: Place, { puller, before, beforeUpdate }: Kind): Resource {
  const put = (path: string, body: Json, more: Partial<Call> = {}): Call => ({
    ...{ method: 'PUT', path: `${id}${path}`, apiVersion, body, takes: [200] },
    ...more,
  });
  const list = (document: string, ...more: number[]): Call => ({
    ...{ method: 'POST', path: `${id}/config/${document}/list`, apiVersion, takes: [200, ...more] },
  });
  const write = (body: Json) => put('', body, { takes: [200, 202], polls: true });
  const policies = ['ftp', 'scm'].map((name) => `${id}/basicPublishingCredentialsPolicies/${name}`);
  const settings = {
    DOCKER_REGISTRY_SERVER_URL: registryUrl,
    DOCKER_REGISTRY_SERVER_USERNAME: '',
    DOCKER_REGISTRY_SERVER_PASSWORD: '',
  };
  const changed = { ...settings, WEBSITES_PORT: '8080' };
  const pairs = (given: Record<string, string>) =>
    Object.entries(given).map(([name, value]) => ({ name, value }));

  return {
    type,
    create: [
      ...before,
      write({
        location: place.location,
        identity: {
          type: puller.kind,
          userAssignedIdentities: puller.kind === 'UserAssigned' ? { [puller.identityId]: {} } : null,
        },
        tags: {},
        properties: {
          ...{ serverFarmId: place.planId, enabled: true, httpsOnly: true, publicNetworkAccess: 'Enabled' },
          ...{ clientAffinityEnabled: false, clientCertEnabled: false, clientCertMode: 'Required' },
          ...{ vnetBackupRestoreEnabled: false, vnetImagePullEnabled: false, vnetRouteAllEnabled: false },
          siteConfig: {
            ...siteConfig(puller),
            linuxFxVersion: `DOCKER|tfhoge.azurecr.io/${image}`,
            appSettings: pairs(settings),
            ...{ autoHealEnabled: false, publicNetworkAccess: 'Enabled' },
          },
        },
      }),
      put('/config/appSettings', { properties: settings }),
    ],
    read: [
      get(id, apiVersion),
      get(`${id}/config/web`, apiVersion),
      list('authsettings'),
      list('backup', 404),
      get(`${id}/config/logs`, apiVersion),
      list('appSettings'),
      list('azurestorageaccounts'),
      list('connectionStrings'),
      // Twice: the provider does not trust the first answer.
      list('publishingcredentials'),
      list('publishingcredentials'),
      ...policies.map((policy) => get(policy, apiVersion)),
      ...(type === 'azurerm_linux_web_app' ? [get(`${id}/config/slotConfigNames`, apiVersion)] : []),
    ],
    flatten: (answers) => flatten(answers),
    configured: {
      location: place.location,
      service_plan_id: place.planId.toLowerCase(),
      identity: puller.kind,
      identity_ids: puller.kind === 'UserAssigned' ? [puller.identityId.toLowerCase()] : [],
      enabled: true,
      https_only: true,
      client_affinity_enabled: false,
      client_certificate_enabled: false,
      client_certificate_mode: 'Required',
      public_network_access_enabled: true,
      virtual_network_backup_restore_enabled: false,
      vnet_image_pull_enabled: false,
      site_config: siteConfig(puller),
      docker_image_name: image,
      docker_registry_url: registryUrl,
      docker_registry_username: '',
      docker_registry_password: '',
      app_settings: {},
      sticky_settings: [],
      connection_string: {},
      storage_account: {},
      auth_settings: [],
      logs: [],
      ftp_publish_basic_authentication_enabled: true,
      webdeploy_publish_basic_authentication_enabled: true,
      tags: {},
    },
    changed: {
      app_settings: { WEBSITES_PORT: '8080' },
      site_config: { ...siteConfig(puller), alwaysOn: false, http20Enabled: true },
      virtual_network_backup_restore_enabled: true,
      webdeploy_publish_basic_authentication_enabled: false,
      tags: { env: 'test' },
    },
    update: ([{ properties, identity, ...read }, config]) => [
      // The provider sends back all that it read, with what changes; a name that is younger than its api-version it
      // does not know.
      ...beforeUpdate,
      write({
        ...read,
        identity: { type: identity.type, userAssignedIdentities: identity.userAssignedIdentities ?? null },
        tags: { env: 'test' },
        properties: {
          ...{ ...properties, outboundVnetRouting: undefined },
          vnetBackupRestoreEnabled: true,
          siteConfig: {
            ...config.properties,
            ...{ alwaysOn: false, http20Enabled: true, appSettings: pairs(changed) },
          },
        },
      }),
      put('/config/appSettings', { properties: changed }),
      put('/config/logs', { properties: noLogs }),
      put('/basicPublishingCredentialsPolicies/scm', { properties: { allow: false } }),
    ],
    destroy: [
      {
        ...{ method: 'DELETE', path: `${id}?deleteEmptyServerFarm=false&deleteMetrics=false` },
        ...{ apiVersion, takes: [200, 204] },
      },
    ],
  };
}

/** The defaults of `site_config`, by Azure's names. Source: internal/services/appservice/helpers/linux_web_app_schema.go */
const siteConfig = (puller: Puller) => ({
  acrUseManagedIdentityCreds: true,
  ...(puller.kind === 'UserAssigned' ? { acrUserManagedIdentityID: puller.clientId } : {}),
  alwaysOn: true,
  http20Enabled: false,
  scmIpSecurityRestrictionsUseMain: false,
  localMySqlEnabled: false,
  loadBalancing: 'LeastRequests',
  managedPipelineMode: 'Integrated',
  remoteDebuggingEnabled: false,
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  ftpsState: 'Disabled',
  minTlsVersion: '1.2',
  scmMinTlsVersion: '1.2',
  vnetRouteAllEnabled: false,
  ipSecurityRestrictionsDefaultAction: 'Allow',
  scmIpSecurityRestrictionsDefaultAction: 'Allow',
});

/** Source: DisabledLogsConfig, which every change of settings sends along. */
const noLogs = {
  detailedErrorMessages: { enabled: false },
  failedRequestsTracing: { enabled: false },
  applicationLogs: { fileSystem: { level: 'Off' }, azureBlobStorage: { level: 'Off' } },
  httpLogs: { fileSystem: { enabled: false }, azureBlobStorage: { enabled: false } },
};

/** What a read takes from the answers: Flatten… of internal/services/appservice/helpers. */
function flatten(answers: Json[]): Attributes {
  const [site, config, auth, , logs, settings, storage, connections, , credentials, ftp, scm, sticky] =
    answers;
  const { properties, identity } = site;
  const { DOCKER_REGISTRY_SERVER_URL, DOCKER_REGISTRY_SERVER_USERNAME, ...others } = settings.properties;
  const { DOCKER_REGISTRY_SERVER_PASSWORD, ...app_settings } = others;
  const wanted = Object.keys(siteConfig({ kind: 'UserAssigned', identityId: '', clientId: '' }));
  const found = Object.entries(config.properties).filter(
    ([name, value]) => wanted.includes(name) && value !== null,
  );
  const { applicationLogs, httpLogs, detailedErrorMessages, failedRequestsTracing } = logs.properties;
  const hasLogs =
    detailedErrorMessages.enabled ||
    failedRequestsTracing.enabled ||
    applicationLogs.fileSystem.level !== 'Off' ||
    httpLogs.fileSystem.enabled;
  return {
    location: normalized(site.location),
    service_plan_id: properties.serverFarmId.toLowerCase(),
    identity: identity.type,
    identity_ids: Object.keys(identity.userAssignedIdentities ?? {}).map((id) => id.toLowerCase()),
    principal_id: identity.principalId,
    enabled: properties.enabled,
    https_only: properties.httpsOnly,
    client_affinity_enabled: properties.clientAffinityEnabled,
    client_certificate_enabled: properties.clientCertEnabled,
    client_certificate_mode: properties.clientCertMode,
    public_network_access_enabled: properties.publicNetworkAccess !== 'Disabled',
    virtual_network_backup_restore_enabled: properties.vnetBackupRestoreEnabled,
    vnet_image_pull_enabled: properties.vnetImagePullEnabled,
    site_config: Object.fromEntries(found),
    docker_image_name: config.properties.linuxFxVersion.slice('DOCKER|tfhoge.azurecr.io/'.length),
    docker_registry_url: DOCKER_REGISTRY_SERVER_URL,
    docker_registry_username: DOCKER_REGISTRY_SERVER_USERNAME,
    docker_registry_password: DOCKER_REGISTRY_SERVER_PASSWORD,
    app_settings,
    sticky_settings: sticky?.properties.appSettingNames ?? [],
    connection_string: connections.properties,
    storage_account: storage.properties,
    auth_settings: auth.properties.configVersion?.toLowerCase() === 'v1' ? [auth.properties] : [],
    logs: hasLogs ? [logs.properties] : [],
    site_credential: credentials.properties.publishingUserName,
    ftp_publish_basic_authentication_enabled: ftp.properties.allow,
    webdeploy_publish_basic_authentication_enabled: scm.properties.allow,
    tags: site.tags ?? {},
  };
}
