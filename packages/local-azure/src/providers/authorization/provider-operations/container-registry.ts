import { type ProviderOperations, under } from './operation-names.ts';

/** Source: MicrosoftDocs/azure-docs role-based-access-control/permissions/containers.md */
export const containerRegistryOperations: ProviderOperations = {
  complete: ['Microsoft.ContainerRegistry'],
  control: [
    ...under('Microsoft.ContainerRegistry', [
      'register/action unregister/action checkNameAvailability/read operations/read',
      'locations/deleteVirtualNetworkOrSubnets/action locations/operationResults/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries', [
      'read write delete importImage/action privateEndpointConnectionsApproval/action',
      'listCredentials/action regenerateCredential/action generateCredentials/action',
      'queueBuild/action getBuildSourceUploadUrl/action listBuildSourceUploadUrl/action scheduleRun/action',
      'artifacts/delete deleted/read deleted/restore/action metadata/read metadata/write pull/read push/write',
      'quarantine/read quarantine/write sign/write',
      'listPolicies/read updatePolicies/write listUsages/read operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/agentpools', [
      'read write delete listQueueStatus/action operationResults/status/read operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/builds', ['read write getLogLink/action cancel/action']),
    ...under('Microsoft.ContainerRegistry/registries/buildTasks', [
      'read write delete listSourceRepositoryProperties/action',
      'steps/read steps/write steps/delete steps/listBuildArguments/action',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/cacheRules', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/connectedRegistries', [
      'read write delete deactivate/action resync/action',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/credentialSets', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/eventGridFilters', ['read write delete']),
    ...under('Microsoft.ContainerRegistry/registries/exportPipelines', ['read write delete']),
    ...under('Microsoft.ContainerRegistry/registries/importPipelines', ['read write delete']),
    ...under('Microsoft.ContainerRegistry/registries/packages/archives', [
      'read write delete versions/read versions/write versions/delete versions/operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/pipelineRuns', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/privateEndpointConnectionProxies', [
      'read write delete validate/action operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/privateEndpointConnections', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights', [
      'diagnosticSettings/read diagnosticSettings/write logDefinitions/read metricDefinitions/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/replications', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/runs', [
      'read write listLogSasUrl/action cancel/action',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/scopeMaps', [
      'read write delete operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/taskruns', [
      'read write delete listDetails/action operationStatuses/read',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/tasks', ['read write delete listDetails/action']),
    ...under('Microsoft.ContainerRegistry/registries/tokens', ['read write delete operationStatuses/read']),
    ...under('Microsoft.ContainerRegistry/registries/webhooks', [
      'read write delete ping/action getCallbackConfig/action listEvents/action operationStatuses/read',
    ]),
  ],
  data: [
    ...under('Microsoft.ContainerRegistry/registries', [
      'catalog/read quarantinedArtifacts/read quarantinedArtifacts/write trustedCollections/write',
    ]),
    ...under('Microsoft.ContainerRegistry/registries/repositories', [
      'content/read content/write content/delete metadata/read metadata/write metadata/delete',
    ]),
  ],
};
