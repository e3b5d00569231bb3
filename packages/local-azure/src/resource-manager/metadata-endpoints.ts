import type { ArmResponse } from './route.ts';

/** Asked without a token by clients that are told where Resource Manager is, and nothing else of the cloud. */
export const isMetadataRequest = (method: string, segments: readonly string[]): boolean =>
  method === 'GET' && segments.join('/').toLowerCase() === 'metadata/endpoints';

/** Azure's public cloud. Source of names and values: azure-cli azure/cli/core/cloud.py */
const cloud = {
  name: 'AzureCloud',
  portal: 'https://portal.azure.com',
  resourceManager: 'https://management.azure.com/',
  authentication: {
    loginEndpoint: 'https://login.microsoftonline.com/',
    audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    tenant: 'common',
    identityProvider: 'AAD',
  },
  graph: 'https://graph.windows.net/',
  graphAudience: 'https://graph.windows.net/',
  microsoftGraphResourceId: 'https://graph.microsoft.com/',
  appServiceResourceId: 'https://appservice.azure.com',
  gallery: 'https://gallery.azure.com/',
  media: 'https://rest.media.azure.net',
  batch: 'https://batch.core.windows.net/',
  sqlManagement: 'https://management.core.windows.net:8443/',
  activeDirectoryDataLake: 'https://datalake.azure.net/',
  vmImageAliasDoc: 'https://azcliprod.blob.core.windows.net/cli/vm/aliases.json',
  ossrdbmsResourceId: 'https://ossrdbms-aad.database.windows.net',
  appInsightsResourceId: 'https://api.applicationinsights.io',
  appInsightsTelemetryChannelResourceId: 'https://dc.applicationinsights.azure.com/v2/track',
  logAnalyticsResourceId: 'https://api.loganalytics.io',
  synapseAnalyticsResourceId: 'https://dev.azuresynapse.net',
  attestationResourceId: 'https://attest.azure.net',
  suffixes: {
    acrLoginServer: 'azurecr.io',
    storage: 'core.windows.net',
    storageSyncEndpointSuffix: 'afs.azure.net',
    azureFrontDoorEndpointSuffix: 'azurefd.net',
    keyVaultDns: 'vault.azure.net',
    mhsmDns: 'managedhsm.azure.net',
    sqlServerHostname: 'database.windows.net',
    mysqlServerEndpoint: 'mysql.database.azure.com',
    postgresqlServerEndpoint: 'postgres.database.azure.com',
    mariadbServerEndpoint: 'mariadb.database.azure.com',
    azureDataLakeStoreFileSystem: 'azuredatalakestore.net',
    azureDataLakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
    synapseAnalytics: 'dev.azuresynapse.net',
    attestationEndpoint: 'attest.azure.net',
  },
};

/**
 * As of 2022-09-01 the answer is one cloud and no list of them, and the address to sign in at has no slash at its end.
 * Sources: Azure/azure-powershell-common pull request 374, Azure/azure-cli issue 29283
 */
export const metadataEndpoints = (apiVersion: string): ArmResponse => ({
  status: 200,
  body:
    apiVersion < '2022-09-01'
      ? [cloud]
      : {
          ...cloud,
          authentication: { ...cloud.authentication, loginEndpoint: 'https://login.microsoftonline.com' },
        },
});
