import type { Http } from './http.ts';
import { ResourceManagerError } from './resource-manager.ts';

const endpoint = 'https://graph.microsoft.com';
export const graphScope = `${endpoint}/.default`;

/** In one call; those that are absent are left out. Source: learn.microsoft.com/graph/api/directoryobject-getbyids */
const maxIds = 1000;

/** Those of the principals that are in the directory, lower-case. Needs `Directory.Read.All` or a directory role. */
export async function existingPrincipals(http: Http, ids: string[]): Promise<Set<string>> {
  const existing = new Set<string>();
  for (let from = 0; from < ids.length; from += maxIds) {
    const url = `${endpoint}/v1.0/directoryObjects/getByIds`;
    const response = await http('POST', url, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids: ids.slice(from, from + maxIds) }),
    });
    if (response.status !== 200) {
      throw new ResourceManagerError(
        response.status,
        'Graph',
        `Microsoft Graph answered ${response.status}.`,
        url,
        'Directory.Read.All',
      );
    }
    const { value } = JSON.parse(response.bodyAsText ?? '') as { value: { id: string }[] };
    for (const { id } of value) existing.add(id.toLowerCase());
  }
  return existing;
}
