import { existingPrincipals } from '../azure/graph.ts';
import type { Http } from '../azure/http.ts';
import { Failure } from '../failure.ts';
import type { FoundRegistry } from './gather-registries.ts';
import { readFact } from './read-fact.ts';
import { type Fact, type Grant, known, notRead } from './snapshot.ts';

/**
 * Role assignments at a registry whose principal is deleted (cause B6). They say why a pull used to work, so they are
 * no more than a help: whoever may not read the directory is told so, and nothing fails.
 */
export async function readOrphans(graph: Http, { registry, granted }: FoundRegistry): Promise<Fact<Grant[]>> {
  if (!granted.known || granted.value.length === 0) return granted;
  const ids = [...new Set(granted.value.map(({ principalId }) => principalId.toLowerCase()))];
  try {
    const existing = await readFact(registry.id, () => existingPrincipals(graph, ids));
    if (!existing.known) return existing;
    return known(granted.value.filter(({ principalId }) => !existing.value.has(principalId.toLowerCase())));
  } catch (error) {
    // Such as a sign-in that gives no token for Graph.
    if (!(error instanceof Failure)) throw error;
    return notRead(error.message, registry.id);
  }
}
