import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Http } from '../src/azure/http.ts';
import { createResourceManager, type ResourceManager } from '../src/azure/resource-manager.ts';

/** Everything that `fix` writes to, by lower-case id. */
export interface Stored {
  identities: Record<string, { system: string | undefined; ids: string[] }>;
  configs: Record<string, { acrUseManagedIdentityCreds: boolean; acrUserManagedIdentityID: string | null }>;
  settings: Record<string, Record<string, string>>;
  assignments: Record<string, { roleDefinitionId: string; principalId: string; condition: string | null }>;
}

/** Of all identities that were ever made: none is like another. */
let made = 0;

/**
 * A Resource Manager that keeps what it is told, in memory. `before` is told each request first, and may throw in its
 * place; `lose` makes it write and then throw, as when the answer is lost.
 */
export function createSiteStore(
  stored: Stored,
  {
    before = () => {},
    lose = () => {},
  }: { before?(request: string): void; lose?(request: string): void } = {},
): ResourceManager {
  const respond = (
    method: string,
    id: string,
    body: { identity?: never; properties: never },
  ): [number, unknown?] => {
    const assignment = /^(.*)\/providers\/microsoft\.authorization\/roleassignments(?:\/[^/]+)?$/.exec(id);
    if (assignment) return respondAssignment(method, id, body?.properties);
    const config = /^(.*)\/config\/(web|appsettings)(\/list)?$/.exec(id);
    const site = config?.[1] ?? id;
    if (config?.[2] === 'web') {
      if (method === 'PATCH') {
        const written: Record<string, unknown> = body.properties;
        Object.assign(stored.configs[site]!, written);
        if (written.acrUserManagedIdentityID === '') stored.configs[site]!.acrUserManagedIdentityID = null;
      }
      return [200, { properties: stored.configs[site] }];
    }
    if (config) {
      if (method === 'PUT') stored.settings[site] = body.properties;
      return [200, { properties: stored.settings[site] ?? {} }];
    }
    if (method === 'PATCH') writeIdentity(site, body.identity!);
    return [200, siteResource(site)];
  };

  function respondAssignment(method: string, id: string, properties: never): [number, unknown?] {
    const show = (one: string) => ({
      id: one,
      properties: { ...stored.assignments[one], scope: one.split('/providers/microsoft.authorization/')[0] },
    });
    if (id.endsWith('/roleassignments')) {
      return [
        200,
        {
          value: Object.keys(stored.assignments)
            .filter((one) => one.startsWith(id))
            .map(show),
        },
      ];
    }
    if (method === 'PUT') {
      const { roleDefinitionId, principalId, condition = null } = properties as Stored['assignments'][string];
      stored.assignments[id] = { roleDefinitionId, principalId, condition };
    }
    if (method === 'DELETE') delete stored.assignments[id];
    return id in stored.assignments || method === 'DELETE' ? [200, show(id)] : [404];
  }

  function writeIdentity(site: string, identity: { type: string; userAssignedIdentities?: object }): void {
    const { type, userAssignedIdentities = {} } = identity;
    const now = stored.identities[site]!;
    const entries = Object.entries(userAssignedIdentities);
    const gone = entries.filter(([, value]) => value === null).map(([id]) => id.toLowerCase());
    const ids = new Set([...now.ids, ...entries.map(([id]) => id.toLowerCase())]);
    stored.identities[site] = {
      system: type.includes('SystemAssigned') ? (now.system ?? `principal-${++made}`) : undefined,
      ids: type.includes('UserAssigned') ? [...ids].filter((id) => !gone.includes(id)) : [],
    };
  }

  function siteResource(site: string) {
    const { system, ids } = stored.identities[site]!;
    return {
      id: site,
      identity: {
        ...(system && { principalId: system }),
        userAssignedIdentities: Object.fromEntries(
          ids.map((id) => [id, { clientId: 'c', principalId: 'p' }]),
        ),
      },
    };
  }

  const http: Http = async (method, url, options = {}) => {
    const id = decodeURIComponent(new URL(url).pathname).toLowerCase();
    before(`${method} ${id}`);
    const [status, body] = respond(method, id, options.body ? JSON.parse(String(options.body)) : undefined);
    if (method !== 'GET') lose(`${method} ${id}`);
    return {
      status,
      headers: createHttpHeaders(),
      bodyAsText: body === undefined ? '' : JSON.stringify(body),
    } as PipelineResponse;
  };
  return createResourceManager(http);
}
