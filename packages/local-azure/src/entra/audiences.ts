/**
 * The Microsoft services that a tenant has as resources: their application id and the URIs that name them.
 * A token can be had for these alone. The local Azure answers for the first four; tokens for the others let
 * an app take its first step towards a service that it reaches elsewhere.
 */
const resources: Record<string, readonly string[]> = {
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': [
    'https://management.azure.com',
    'https://management.core.windows.net',
  ],
  '00000003-0000-0000-c000-000000000000': ['https://graph.microsoft.com'],
  '6a0ec4d3-30cb-4a83-91c0-ae56bc0e3d26': ['https://containerregistry.azure.net'],
  'abfa0a7c-a6b6-4736-8310-5855508787cd': ['https://appservice.azure.com'],
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093': ['https://vault.azure.net'],
  'e406a681-f3d4-42a8-90b6-c2b029497af1': ['https://storage.azure.com'],
  '022907d3-0f1b-48f7-badc-1ba6abab6d66': ['https://database.windows.net'],
  'fb60f99c-7a34-4190-8149-302f77469936': ['api://azureadtokenexchange'],
};

const known = new Set(Object.entries(resources).flat(2));

/** Whether the tenant has this resource; a trailing slash does not matter. */
export const isResource = (name: string) => known.has(name.replace(/\/$/, '').toLowerCase());

/**
 * Whether a token for this is to be exchanged for another one of this tenant: a managed identity signs in so as an
 * application. Source: learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const isTokenExchange = (name: string) => name.toLowerCase() === 'api://azureadtokenexchange';

/** What the `aud` of a token may be when it is meant for Resource Manager. */
export const managementAudiences = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
] as const;

/** The same for the data plane of a container registry. */
export const registryAudiences = [
  'https://containerregistry.azure.net',
  'https://containerregistry.azure.net/',
] as const;

/** The same for App Service's own surface, such as a site's scm host. Source: azure-cli cloud.py, `app_service_resource_id` */
export const appServiceAudiences = ['https://appservice.azure.com'] as const;

/** The same for Microsoft Graph. */
export const graphAudiences = [
  '00000003-0000-0000-c000-000000000000',
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
] as const;
