import { z } from 'zod';
import { parseScopeMapAction } from '../../registry/scope-map.ts';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { pageOf, partsOf } from '../../resource-manager/paging.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import {
  childNameInvalid,
  childNotFound,
  quotaExceeded,
  scopeMapActionInvalid,
  scopeMapIsSystemDefined,
  tooManyActions,
} from './errors.ts';
import type { RegistryRecord } from './model.ts';
import { type ContainerRegistryContext, registryPath, requireRegistry } from './registries.ts';
import { scopeMapActionLimit, tokenLimits } from './rules.ts';
import {
  findScopeMap,
  isSystemDefined,
  presentScopeMap,
  type ScopeMap,
  type ScopeMapBody,
  type ScopeMapProperties,
  scopeMapId,
  scopeMapsOf,
  scopeMapType,
  userScopeMap,
} from './scope-map-model.ts';

const listPath = `${registryPath}/scopeMaps`;
const itemPath = `${listPath}/{scopeMapName}`;

const properties = z.object({ description: z.string().nullish(), actions: z.array(z.string()) });
const createSchema = z.object({ properties });
const updateSchema = z.object({ properties: properties.partial().nullish() });

/** `Microsoft.ContainerRegistry/registries/scopeMaps`. */
export function scopeMapRoutes({ resources }: ContainerRegistryContext): Route[] {
  const requireScopeMap = (request: ArmRequest): ScopeMap => {
    const name = request.params.scopeMapName!;
    const found = findScopeMap(resources, requireRegistry(resources, request), name);
    if (!found) throw childNotFound(name);
    return found;
  };
  const put = (id: string, given: ScopeMapProperties) => {
    checkActions(given.actions);
    const record = resources.put<ScopeMapBody>(id, scopeMapType, { properties: given });
    return { status: 200, body: presentScopeMap(userScopeMap(record)) };
  };
  const checkQuota = ({ id, body: { sku } }: RegistryRecord) => {
    if (resources.list(id, scopeMapType).length >= tokenLimits[sku.name]) {
      throw quotaExceeded('scopeMaps', sku.name);
    }
  };

  return [
    {
      method: 'GET',
      path: listPath,
      action: `${scopeMapType}/read`,
      handle: (request) => {
        const found = scopeMapsOf(resources, requireRegistry(resources, request));
        return { status: 200, body: pageOf(request, partsOf(found), presentScopeMap) };
      },
    },
    {
      method: 'GET',
      path: itemPath,
      action: `${scopeMapType}/read`,
      handle: (request) => ({ status: 200, body: presentScopeMap(requireScopeMap(request)) }),
    },
    {
      // 200 for a new one, too. Source: azure-cli tests, recording test_repository_token_create.yaml
      method: 'PUT',
      path: itemPath,
      action: `${scopeMapType}/write`,
      handle: (request) => {
        const registry = requireRegistry(resources, request);
        const name = request.params.scopeMapName!;
        requireUserDefined(name);
        if (!/^[a-z0-9_-]{5,50}$/i.test(name)) {
          throw childNameInvalid(name, 'alpha numeric characters, hyphens and underscores');
        }
        const { description, actions } = parseBody(createSchema, request.body).properties;
        const id = scopeMapId(registry.id, name);
        if (!resources.get(id)) checkQuota(registry);
        return put(id, { ...(description ? { description } : {}), actions });
      },
    },
    {
      method: 'PATCH',
      path: itemPath,
      action: `${scopeMapType}/write`,
      handle: (request) => {
        requireUserDefined(request.params.scopeMapName!);
        const existing = requireScopeMap(request);
        const { description, actions } = parseBody(updateSchema, request.body).properties ?? {};
        return put(existing.id, {
          ...existing.properties,
          ...(description == null ? {} : { description }),
          ...(actions ? { actions } : {}),
        });
      },
    },
    {
      // Tokens that have it keep their id of it, and lose its permissions.
      // Source: azure-cli acr/scope_map.py, what it asks before a deletion
      method: 'DELETE',
      path: itemPath,
      action: `${scopeMapType}/delete`,
      handle: (request) => {
        const { id } = requireRegistry(resources, request);
        const name = request.params.scopeMapName!;
        requireUserDefined(name);
        return { status: resources.delete(scopeMapId(id, name)) ? 200 : 204 };
      },
    },
  ];
}

function requireUserDefined(name: string): void {
  if (isSystemDefined(name)) throw scopeMapIsSystemDefined(name);
}

function checkActions(actions: readonly string[]): void {
  if (actions.length > scopeMapActionLimit) throw tooManyActions(scopeMapActionLimit);
  for (const action of actions) {
    if (action.startsWith('gateway/')) throw notImplemented('connected registries');
    if (!parseScopeMapAction(action)) throw scopeMapActionInvalid(action);
  }
}
