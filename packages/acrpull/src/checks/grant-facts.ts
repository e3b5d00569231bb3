import type { SiteView } from '../pull-path/links.ts';
import { letsPull, pullGrants } from '../pull-path/permissions.ts';
import type { Grant, RegistryFacts } from '../pull-path/snapshot.ts';
import { cannotTell, skip, type Verdict } from './check.ts';

/** The grants of the identity that pulls, sorted by what they are good for; or why nothing can be said of them. */
export type GrantFacts =
  | {
      ready: true;
      principalId: string;
      registry: RegistryFacts;
      pull: Grant[];
      elsewhere: Grant[];
      all: Grant[];
    }
  | { ready: false; verdict: Verdict };

export function grantFacts({ site, principal, registry, image }: SiteView): GrantFacts {
  const not = (verdict: Verdict): GrantFacts => ({ ready: false, verdict });
  if (!principal.found) return not(skip('no identity that could hold a grant'));
  if (!image?.ok || !registry) return not(skip('no registry is named'));
  if (!registry.known)
    return not(cannotTell('grants were not checked: the registry is not visible', registry.because));
  if (!site.grants.known) return not(cannotTell('role assignments could not be read', site.grants.because));
  const all = site.grants.value;
  const pull = pullGrants(all, registry.value);
  const elsewhere = all.filter((grant) => letsPull(grant.role, registry.value) && !pull.includes(grant));
  return { ready: true, principalId: principal.principalId, registry: registry.value, pull, elsewhere, all };
}
