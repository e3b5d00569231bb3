import { conditionAllows, includesPull, isAbac, pullGrants, reaches } from '../../pull-path/permissions.ts';
import type { SiteView } from '../../pull-path/site-view.ts';
import type { Grant, RegistryFacts } from '../../pull-path/snapshot.ts';
import { cannotTell, type Evidence, skip, type Verdict } from '../cause.ts';
import { isRegistryAbsent } from '../registry/registry-absent.ts';

/** The grants of the identity that pulls; or why nothing can be said of them. */
export type GrantFacts =
  | {
      ready: true;
      principalId: string;
      registry: RegistryFacts;
      /** Those that let it pull this image. */
      pull: Grant[];
      /** Why there is none of those; undefined when there is one. */
      missing: MissingGrant | undefined;
    }
  | { ready: false; verdict: Verdict };

/** The one cause that explains best why a pull grant is missing, and the grants that show it. */
export interface MissingGrant {
  cause: 'A9' | 'B2' | 'B3' | 'B4' | 'B4b' | 'B10';
  grants: Grant[];
}

export function grantFacts(view: SiteView): GrantFacts {
  const { principal, grants, registry, azureImage } = view;
  const not = (verdict: Verdict): GrantFacts => ({ ready: false, verdict });
  if (!principal.found) return not(skip('no identity that could hold a grant'));
  if (!azureImage || !registry || !grants) return not(skip('no registry is named'));
  if (isRegistryAbsent(view)) return not(skip('there is no such registry'));
  if (!registry.known)
    return not(cannotTell('grants were not checked: the registry is not visible', registry.because));
  if (!grants.known) return not(cannotTell('role assignments could not be read', grants.because));
  const pull = pullGrants(grants.value, registry.value, azureImage.repository);
  return {
    ready: true,
    principalId: principal.principalId,
    registry: registry.value,
    pull,
    missing:
      pull.length > 0 ? undefined : whyMissing(view, grants.value, registry.value, azureImage.repository),
  };
}

/** The explanations, from what is nearest to a grant that works to what is farthest. */
function whyMissing(
  view: SiteView,
  grants: Grant[],
  registry: RegistryFacts,
  repository: string,
): MissingGrant {
  const pullRoles = grants.filter(({ role }) => includesPull(role, registry));
  const elsewhere = pullRoles.filter((grant) => !reaches(grant, registry.id));
  const explanations: MissingGrant[] = [
    { cause: 'B4b', grants: pullRoles.filter((grant) => reaches(grant, registry.id)) },
    { cause: 'B4', grants: grants.filter((grant) => countsInLegacyModeOnly(grant, registry)) },
    { cause: 'A9', grants: heldByOthers(view, registry, repository) },
    { cause: 'B10', grants: elsewhere.filter(({ scope }) => isFormerId(scope, registry)) },
    { cause: 'B3', grants: elsewhere },
  ];
  return explanations.find((it) => it.grants.length > 0) ?? { cause: 'B2', grants };
}

const countsInLegacyModeOnly = (grant: Grant, registry: RegistryFacts): boolean =>
  isAbac(registry) && includesPull(grant.role, {}) && reaches(grant, registry.id);

/** Grants of the site's other identities, which would do. */
function heldByOthers(
  { site, principal, snapshot }: SiteView,
  registry: RegistryFacts,
  repository: string,
): Grant[] {
  const { systemAssigned, userAssigned } = site.identity;
  const attached = [...userAssigned, ...(systemAssigned ? [systemAssigned] : [])];
  return attached
    .filter(({ principalId }) => principal.found && principalId !== principal.principalId)
    .flatMap(({ principalId }) => {
      const grants = snapshot.grants[principalId];
      return grants?.known ? pullGrants(grants.value, registry, repository) : [];
    });
}

/** Names of registries are unique in all of Azure, so the same name in another place is where it was before. */
const isFormerId = (scope: string, { name }: RegistryFacts): boolean =>
  scope.toLowerCase().endsWith(`/providers/microsoft.containerregistry/registries/${name.toLowerCase()}`);

/** The grants that show the cause, if it is the one that explains a missing grant. */
export function grantsShowing(view: SiteView, cause: MissingGrant['cause']): Grant[] | undefined {
  const facts = grantFacts(view);
  return facts.ready && facts.missing?.cause === cause ? facts.missing.grants : undefined;
}

/** Whether the condition of a grant is one that is not understood here. */
export const isUndecided = ({ condition }: Grant, registry: RegistryFacts, repository: string): boolean =>
  conditionAllows(condition, registry, repository) === undefined;

/** The oldest of these grants, with its age in ms; one without a date is older than any. */
export function oldestOf(grants: Grant[], now: number): { grant: Grant; ageMs: number } | undefined {
  const [first, ...others] = grants.map((grant) => ({
    grant,
    ageMs: grant.createdOn ? Math.max(0, now - Date.parse(grant.createdOn)) : Number.POSITIVE_INFINITY,
  }));
  return first && others.reduce((oldest, it) => (it.ageMs > oldest.ageMs ? it : oldest), first);
}

export const grantEvidence = ({ id, role, scope }: Grant): Evidence => ({
  property: 'roleAssignment.scope',
  value: `${role.name} at ${scope}`,
  resource: id,
});
