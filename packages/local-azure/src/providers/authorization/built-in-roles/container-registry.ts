import { role } from './role.ts';

/** The two configuration roles say the same of what they leave out. */
const withoutContent =
  'Does not provide direct permissions to read, list, or write registry contents including repositories and images. ' +
  'Does not provide permissions to modify data plane content such as imports, Artifact Cache or Sync, and Transfer ' +
  'Pipelines. Does not provide permissions for managing Tasks.';

const alertRules = [
  'Microsoft.Insights/AlertRules/Write',
  'Microsoft.Insights/AlertRules/Delete',
  'Microsoft.Insights/AlertRules/Read',
  'Microsoft.Insights/AlertRules/Activated/Action',
  'Microsoft.Insights/AlertRules/Resolved/Action',
  'Microsoft.Insights/AlertRules/Throttled/Action',
  'Microsoft.Insights/AlertRules/Incidents/Read',
];

const acr = (operations: string[]) =>
  operations.map((operation) => `Microsoft.ContainerRegistry/registries/${operation}`);

export const containerRegistryRoles = [
  role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', 'acr pull', { actions: acr(['pull/read']) }),
  role('8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush', 'acr push', {
    actions: acr(['pull/read', 'push/write']),
  }),
  role('c2f4ef07-c644-48eb-af81-4b1b4947fb11', 'AcrDelete', 'acr delete', {
    actions: acr(['artifacts/delete']),
  }),
  role(
    '6cef56e8-d556-48e5-a04f-b8e64114680f',
    'AcrImageSigner',
    'Planned DEPRECATION on March 31, 2028. Grant the signing permission for content trust. As content trust is being ' +
      'deprecated and will be completely removed on March 31, 2028, this role will also be removed. Refer to ' +
      'https://aka.ms/acr/dctdeprecation for details and transition guidance.',
    { actions: acr(['sign/write']), dataActions: acr(['trustedCollections/write']) },
  ),
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
      'ability to list repositories, view images and tags, get manifests, and pull images. Does not provide ' +
      'permissions for importing images through configuring registry transfer pipelines such as import and export ' +
      'pipelines. Does not provide permissions for importing through configuring Artifact Cache or Sync rules.',
    {
      actions: acr(['importImage/action', 'read', 'pull/read']),
      dataActions: acr(['repositories/content/read', 'repositories/metadata/read', 'catalog/read']),
    },
  ),
  role(
    '3bc748fc-213d-45c1-8d91-9da5725539b9',
    'Container Registry Contributor and Data Access Configuration Administrator',
    'Provides permissions to create, list, and update container registries and registry configuration properties. ' +
      'Provides permissions to configure data access such as admin user credentials, scope maps, and tokens, which ' +
      `can be used to read, write or delete repositories and images. ${withoutContent}`,
    {
      actions: [
        ...acr(['operationStatuses/read', 'read', 'write', 'delete']),
        ...acr(['listCredentials/action', 'regenerateCredential/action', 'generateCredentials/action']),
        ...acr([
          'replications/read',
          'replications/write',
          'replications/delete',
          'replications/operationStatuses/read',
        ]),
        ...acr([
          'privateEndpointConnectionsApproval/action',
          'privateEndpointConnections/read',
          'privateEndpointConnections/write',
          'privateEndpointConnections/delete',
          'privateEndpointConnections/operationStatuses/read',
        ]),
        ...acr(['tokens/read', 'tokens/write', 'tokens/delete', 'tokens/operationStatuses/read']),
        ...acr(['scopeMaps/read', 'scopeMaps/write', 'scopeMaps/delete', 'scopeMaps/operationStatuses/read']),
        ...acr([
          'providers/Microsoft.Insights/diagnosticSettings/read',
          'providers/Microsoft.Insights/diagnosticSettings/write',
        ]),
        ...acr([
          'providers/Microsoft.Insights/logDefinitions/read',
          'providers/Microsoft.Insights/metricDefinitions/read',
        ]),
        ...acr(['connectedRegistries/read', 'connectedRegistries/write', 'connectedRegistries/delete']),
        ...acr(['connectedRegistries/deactivate/action', 'connectedRegistries/resync/action']),
        ...acr(['webhooks/read', 'webhooks/write', 'webhooks/delete', 'webhooks/operationStatuses/read']),
        ...acr(['webhooks/getCallbackConfig/action', 'webhooks/ping/action', 'webhooks/listEvents/action']),
        ...alertRules,
        'Microsoft.ContainerRegistry/locations/operationResults/read',
        'Microsoft.Authorization/*/read',
        'Microsoft.Resources/deployments/*',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
        'Microsoft.Network/virtualNetworks/subnets/read',
        'Microsoft.Network/virtualNetworks/subnets/write',
        'Microsoft.Network/virtualNetworks/read',
        'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write',
        'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read',
        'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/delete',
        'Microsoft.Support/*',
      ],
    },
  ),
  role(
    '69b07be0-09bf-439a-b9a6-e73de851bd59',
    'Container Registry Configuration Reader and Data Access Configuration Reader',
    'Provides permissions to list container registries and registry configuration properties. Provides permissions ' +
      'to list data access configuration such as admin user credentials, scope maps, and tokens, which can be used ' +
      `to read, write or delete repositories and images. ${withoutContent}`,
    {
      actions: [
        ...acr(['operationStatuses/read', 'read', 'listCredentials/action', 'connectedRegistries/read']),
        ...acr(['privateEndpointConnections/read', 'privateEndpointConnections/operationStatuses/read']),
        ...acr(['tokens/read', 'tokens/operationStatuses/read']),
        ...acr(['scopeMaps/read', 'scopeMaps/operationStatuses/read']),
        ...acr(['webhooks/read', 'webhooks/getCallbackConfig/action', 'webhooks/listEvents/action']),
        ...acr(['webhooks/operationStatuses/read']),
        ...acr(['replications/read', 'replications/operationStatuses/read']),
        ...acr([
          'providers/Microsoft.Insights/diagnosticSettings/read',
          'providers/Microsoft.Insights/diagnosticSettings/write',
        ]),
        ...acr([
          'providers/Microsoft.Insights/logDefinitions/read',
          'providers/Microsoft.Insights/metricDefinitions/read',
        ]),
        ...alertRules,
        'Microsoft.Resources/deployments/read',
        'Microsoft.Resources/deployments/*/read',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read',
        'Microsoft.Network/virtualNetworks/read',
        'Microsoft.Network/virtualNetworks/subnets/read',
      ],
    },
  ),
  role(
    'fb382eab-e894-4461-af04-94435c366c3f',
    'Container Registry Tasks Contributor',
    'Provides permissions to configure, read, list, trigger, or cancel Container Registry Tasks, Task Runs, Task Logs, ' +
      'Quick Runs, Quick Builds, and Task Agent Pools. Permissions granted for Tasks management can be used for full ' +
      'registry data plane permissions including reading/writing/deleting container images in registries. Permissions ' +
      'granted for Tasks management can also be used to run customer authored build directives and run scripts to ' +
      'build software artifacts.',
    {
      actions: [
        ...acr([
          'agentpools/read',
          'agentpools/write',
          'agentpools/delete',
          'agentpools/listQueueStatus/action',
        ]),
        ...acr(['agentpools/operationResults/status/read', 'agentpools/operationStatuses/read']),
        ...acr(['tasks/read', 'tasks/write', 'tasks/delete', 'tasks/listDetails/action']),
        ...acr(['scheduleRun/action', 'listBuildSourceUploadUrl/action']),
        ...acr(['runs/read', 'runs/write', 'runs/listLogSasUrl/action', 'runs/cancel/action']),
        ...acr(['taskruns/read', 'taskruns/write', 'taskruns/delete', 'taskruns/listDetails/action']),
        ...acr(['taskruns/operationStatuses/read']),
        'Microsoft.Resources/deployments/*',
        'Microsoft.Resources/subscriptions/resourceGroups/read',
        ...acr(['read']),
      ],
    },
  ),
  role(
    'bf94e731-3a51-4a7c-8c54-a1ab9971dfc1',
    'Container Registry Transfer Pipeline Contributor',
    'Provides the ability to transfer, import, and export artifacts through configuring registry transfer pipelines ' +
      'that involve intermediary storage accounts and key vaults. Does not provide permissions to push or pull ' +
      'images. Does not provide permissions to create, manage, or list storage accounts or key vaults. Does not ' +
      'provide permissions to perform role assignments.',
    {
      actions: [
        ...acr(['exportPipelines/read', 'exportPipelines/write', 'exportPipelines/delete']),
        ...acr(['importPipelines/read', 'importPipelines/write', 'importPipelines/delete']),
        ...acr([
          'pipelineRuns/read',
          'pipelineRuns/write',
          'pipelineRuns/delete',
          'pipelineRuns/operationStatuses/read',
        ]),
      ],
    },
  ),
];
