import { notImplemented, resourceNotFound } from '../../resource-manager/azure-error.ts';
import type { Route } from '../../resource-manager/route.ts';
import { registryType } from './model.ts';
import { type ContainerRegistryContext, registryPath, requireRegistry } from './registries.ts';

/** What a registry can have in Azure and never has here: there is none to list or to read, and none can be made. */
const absent = [
  { type: 'replications', what: 'geo-replication of registries' },
  { type: 'privateEndpointConnections', what: 'private endpoints of registries' },
];

export function absentRoutes({ resources }: ContainerRegistryContext): Route[] {
  return absent.flatMap(({ type, what }): Route[] => {
    const list = `${registryPath}/${type}`;
    const fullType = `${registryType}/${type}`;
    return [
      {
        method: 'GET',
        path: list,
        action: `${fullType}/read`,
        handle: (request) => {
          requireRegistry(resources, request);
          return { status: 200, body: { value: [] } };
        },
      },
      {
        method: 'GET',
        path: `${list}/{name}`,
        action: `${fullType}/read`,
        handle: ({ params }) => {
          const { registryName, name, resourceGroupName } = params;
          throw resourceNotFound(fullType, `${registryName}/${name}`, resourceGroupName!);
        },
      },
      {
        method: 'PUT',
        path: `${list}/{name}`,
        action: `${fullType}/write`,
        handle: () => {
          throw notImplemented(what);
        },
      },
    ];
  });
}
