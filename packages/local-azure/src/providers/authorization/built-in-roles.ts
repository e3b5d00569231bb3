import type { Permission } from '../../resource-manager/rbac.ts';

export interface RoleDefinition {
  /** A GUID: the role's name in ids. */
  name: string;
  /** What people call it. */
  roleName: string;
  description: string;
  permissions: readonly Permission[];
}

type Granted = Partial<Permission>;

const role = (name: string, roleName: string, description: string, granted: Granted): RoleDefinition => ({
  name,
  roleName,
  description,
  permissions: [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...granted }],
});

const acr = (operations: string[]) =>
  operations.map((operation) => `Microsoft.ContainerRegistry/registries/${operation}`);

const managementBasics = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];

/** The name of the role that may do everything. */
export const ownerRole = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

/**
 * The built-in roles that matter to registries, web apps and their identities.
 *
 * Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles: readonly RoleDefinition[] = [
  role(
    ownerRole,
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    { actions: ['*'] },
  ),
  role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, ' +
      'manage assignments in Azure Blueprints, or share image galleries.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
        'Microsoft.Compute/galleries/share/action',
        'Microsoft.Purview/consents/write',
        'Microsoft.Purview/consents/delete',
        'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
        'Microsoft.Subscription/cancel/action',
        'Microsoft.Subscription/enable/action',
      ],
    },
  ),
  role(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    { actions: ['*/read'] },
  ),
  role(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    { actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'] },
  ),
  role(
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manage access to Azure resources by assigning roles using Azure RBAC. This role does not allow you to ' +
      'manage access using other ways, such as Azure Policy.',
    {
      actions: [
        'Microsoft.Authorization/roleAssignments/write',
        'Microsoft.Authorization/roleAssignments/delete',
        '*/read',
        'Microsoft.Support/*',
      ],
    },
  ),
  role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', 'acr pull', { actions: acr(['pull/read']) }),
  role('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', 'acr push', {
    actions: acr(['pull/read', 'push/write']),
  }),
  role('c2f4ef07-c644-48eb-af81-4b1b4947fb11', 'AcrDelete', 'acr delete', {
    actions: acr(['artifacts/delete']),
  }),
  role('6cef56e8-d556-48e5-a04f-b8e64114680f', 'AcrImageSigner', 'acr image signer', {
    actions: acr(['sign/write']),
    dataActions: acr(['trustedCollections/write']),
  }),
  role('cdda3590-29a3-44f6-95f2-9f980659eb04', 'AcrQuarantineReader', 'acr quarantine data reader', {
    actions: acr(['quarantine/read']),
    dataActions: acr(['quarantinedArtifacts/read']),
  }),
  role('c8d4ff99-41c3-41a8-9f60-21dfdad59608', 'AcrQuarantineWriter', 'acr quarantine data writer', {
    actions: acr(['quarantine/read', 'quarantine/write']),
    dataActions: acr(['quarantinedArtifacts/read', 'quarantinedArtifacts/write']),
  }),
  role(
    'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    'Container Registry Repository Reader',
    'Allows for read access to Azure Container Registry repositories, but excluding catalog listing.',
    { dataActions: acr(['repositories/metadata/read', 'repositories/content/read']) },
  ),
  role(
    '2a1e307c-b015-4ebd-883e-5b7698a07328',
    'Container Registry Repository Writer',
    'Allows for read and write access to Azure Container Registry repositories, but excluding catalog listing.',
    {
      dataActions: acr([
        'repositories/metadata/read',
        'repositories/content/read',
        'repositories/metadata/write',
        'repositories/content/write',
      ]),
    },
  ),
  role(
    '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    'Container Registry Repository Contributor',
    'Allows for read, write, and delete access to Azure Container Registry repositories, ' +
      'but excluding catalog listing.',
    {
      dataActions: acr([
        'repositories/metadata/read',
        'repositories/content/read',
        'repositories/metadata/write',
        'repositories/content/write',
        'repositories/metadata/delete',
        'repositories/content/delete',
      ]),
    },
  ),
  role(
    'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    'Container Registry Repository Catalog Lister',
    'Allows for listing all repositories in an Azure Container Registry.',
    { dataActions: acr(['catalog/read']) },
  ),
  role(
    '577a9874-89fd-4f24-9dbd-b5034d0ad23a',
    'Container Registry Data Importer and Data Reader',
    'Provides the ability to import images into a registry through the registry import operation. Provides the ' +
      'ability to list repositories, view images and tags, get manifests, and pull images.',
    {
      actions: acr(['importImage/action', 'read', 'pull/read']),
      dataActions: acr(['repositories/content/read', 'repositories/metadata/read', 'catalog/read']),
    },
  ),
  role(
    'de139f84-1756-47ae-9be6-808fbbe84772',
    'Website Contributor',
    'Lets you manage websites (not web plans), but not access to them.',
    {
      actions: [
        ...managementBasics,
        'Microsoft.Insights/components/*',
        'Microsoft.ResourceHealth/availabilityStatuses/read',
        'Microsoft.Web/certificates/*',
        'Microsoft.Web/listSitesAssignedToHostName/read',
        'Microsoft.Web/serverFarms/join/action',
        'Microsoft.Web/serverFarms/read',
        'Microsoft.Web/sites/*',
      ],
    },
  ),
  role(
    '2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b',
    'Web Plan Contributor',
    'Lets you manage the web plans for websites, but not access to them.',
    {
      actions: [
        ...managementBasics,
        'Microsoft.ResourceHealth/availabilityStatuses/read',
        'Microsoft.Web/serverFarms/*',
        'Microsoft.Web/hostingEnvironments/Join/Action',
        'Microsoft.Insights/autoscalesettings/*',
      ],
    },
  ),
  role(
    'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    'Managed Identity Contributor',
    'Create, Read, Update, and Delete User Assigned Identity',
    {
      actions: [
        ...managementBasics,
        'Microsoft.ManagedIdentity/userAssignedIdentities/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
        'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
        'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete',
        'Microsoft.ManagedIdentity/userAssignedIdentities/revokeTokens/action',
      ],
    },
  ),
  role(
    'f1a07417-d97a-45cb-824c-7a7467783830',
    'Managed Identity Operator',
    'Read and Assign User Assigned Identity',
    {
      actions: [
        ...managementBasics,
        'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
        'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
      ],
    },
  ),
];

const byName = new Map(builtInRoles.map((definition) => [definition.name, definition]));

/** The role with this GUID. */
export const roleDefinition = (name: string): RoleDefinition | undefined => byName.get(name.toLowerCase());
