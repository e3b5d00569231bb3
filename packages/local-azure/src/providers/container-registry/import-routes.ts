import { type ImportOrder, ImportRefused, type Reader } from '../../registry/import-order.ts';
import { linkedAuthorizationFailed, resourceNotFound } from '../../resource-manager/azure-error.ts';
import { createOperations } from '../../resource-manager/operations.ts';
import { parseResourceId, resourceName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { importConflict, importFailed, importHeldUp, importInvalid } from './errors.ts';
import { type ImportRequest, readImport } from './import-request.ts';
import { type RegistryBody, type RegistryRecord, registryType } from './model.ts';
import {
  type ContainerRegistryContext,
  registryPath,
  requireRegistry,
  subscriptionPath,
} from './registries.ts';

const action = `${registryType}/importImage/action`;

/** `importImage`, and where its outcome is asked for. */
export function importRoutes({
  resources,
  clock,
  access,
  imports,
  agentFor,
}: ContainerRegistryContext): Route[] {
  // Source: azure-cli tests, recording test_acr_import_no_wait.yaml
  const operations = createOperations({
    clock,
    path: `${subscriptionPath}/providers/Microsoft.ContainerRegistry/locations/{location}/operationResults/{operationId}`,
    idPrefix: 'registries-',
  });

  /** Resource Manager itself asks for the right to read a resource that a request names. */
  function linkedRegistry(id: string, target: RegistryRecord, { caller }: ArmRequest): RegistryRecord {
    if (!access.allowed(caller.oid, `${registryType}/read`, id)) {
      throw linkedAuthorizationFailed(caller, { action, scope: target.id }, { action: 'read', scope: id });
    }
    const found = resources.get<RegistryBody>(id);
    if (found && sameId(found.type, registryType)) return found;
    throw resourceNotFound(registryType, resourceName(id), parseResourceId(id)?.resourceGroupName ?? '');
  }

  function readSource(
    from: ImportRequest['from'],
    target: RegistryRecord,
    request: ArmRequest,
  ): Pick<ImportOrder['source'], 'registry' | 'reader'> {
    if (from.kind === 'resource') {
      const source = linkedRegistry(from.resourceId, target, request);
      requireOpenToServices(source);
      return {
        registry: source.body.properties.loginServer,
        reader: { kind: 'principal', principalId: request.caller.oid },
      };
    }
    const { host, credentials } = from;
    const reader: Reader = credentials ? { kind: 'password', ...credentials } : { kind: 'anonymous' };
    const found = resources.getByHostName<RegistryBody>(host);
    if (!found || !sameId(found.type, registryType)) requireReachable(host);
    return { registry: host.toLowerCase(), reader };
  }

  function requireReachable(host: string): void {
    if (!URL.canParse(`https://${host}`)) throw importInvalid(`'${host}' is not the address of a registry.`);
    try {
      agentFor(new URL(`https://${host}`));
    } catch (error) {
      throw importInvalid((error as Error).message);
    }
  }

  return [
    {
      method: 'POST',
      path: `${registryPath}/importImage`,
      action,
      handle: (request) => {
        const target = requireRegistry(resources, request);
        const { from, image, places, force } = readImport(request.body);
        requireOpenToServices(target);
        const order: ImportOrder = {
          source: { ...readSource(from, target, request), ...image },
          target: { registry: target.body.properties.loginServer, places },
          force,
        };
        try {
          imports.check(order);
        } catch (error) {
          throw error instanceof ImportRefused ? importConflict(error.message) : error;
        }
        const run = async (operationId: string) => {
          await imports.run(order).catch((error) => {
            throw error instanceof ImportRefused
              ? importFailed(operationId, target.id, error.message)
              : error;
          });
        };
        return operations.start(request, run, { location: target.body.location.toUpperCase() });
      },
    },
    operations.route,
  ];
}

/**
 * Imports come from a service that Azure trusts: network rules let it pass, unless the registry says otherwise.
 * Source: MicrosoftDocs/azure-management-docs articles/container-registry/container-registry-import-images.md
 */
function requireOpenToServices({ id, body }: RegistryRecord): void {
  const { publicNetworkAccess, networkRuleSet, networkRuleBypassOptions } = body.properties;
  const isRestricted = publicNetworkAccess === 'Disabled' || networkRuleSet.defaultAction === 'Deny';
  if (isRestricted && networkRuleBypassOptions === 'None') throw importHeldUp(id);
}
