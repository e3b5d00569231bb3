import type { Agent } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Imports } from '../../registry/import-order.ts';
import type { Access } from '../../resource-manager/access.ts';
import { resourceNotFound } from '../../resource-manager/azure-error.ts';
import type { ArmRequest } from '../../resource-manager/route.ts';
import type { Resources } from '../../store/resources.ts';
import { type RegistryBody, type RegistryRecord, registryType } from './model.ts';
import { checkIpRules, checkSku } from './rules.ts';
import type { Webhooks } from './webhooks.ts';

export interface ContainerRegistryContext {
  resources: Resources;
  clock: Clock;
  /** The bytes that a registry's layers and manifests take. */
  storedBytes(loginServer: string): number;
  /** Lets a new registry be reached. */
  onCreated(loginServer: string): Promise<void>;
  /** Lets a registry that was deleted be reached no more. */
  onDeleted(loginServer: string): void;
  webhooks: Webhooks;
  access: Access;
  imports: Imports;
  /** How a URL is reached from here, `false` for directly. Throws why it must not. */
  agentFor(url: URL): Agent | false;
}

export const subscriptionPath = '/subscriptions/{subscriptionId}';
export const groupPath = `${subscriptionPath}/resourceGroups/{resourceGroupName}`;
/** One registry: what belongs to it is below. */
export const registryPath = `${groupPath}/providers/${registryType}/{registryName}`;

/** The id of the resource group that a request's path names. */
export const groupId = ({ params }: ArmRequest): string =>
  `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroupName}`;

/** The same of the registry. */
export const registryId = (request: ArmRequest): string =>
  `${groupId(request)}/providers/${registryType}/${request.params.registryName}`;

/** The registry that a request's path names. Throws when it does not exist. */
export function requireRegistry(resources: Resources, request: ArmRequest): RegistryRecord {
  const found = resources.get<RegistryBody>(registryId(request));
  if (found) return found;
  const { registryName, resourceGroupName } = request.params;
  throw resourceNotFound(registryType, registryName!, resourceGroupName!);
}

/** Creates or replaces a registry. Throws when its SKU has not what its settings ask for, or they are not valid. */
export function putRegistry(resources: Resources, id: string, body: RegistryBody): RegistryRecord {
  checkSku(body.sku.name, body.properties);
  checkIpRules(body.properties.networkRuleSet);
  return resources.put(id, registryType, body, body.properties.loginServer);
}
