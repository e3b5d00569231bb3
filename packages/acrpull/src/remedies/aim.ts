import { Failure } from '../failure.ts';
import { reaches } from '../pull-path/permissions.ts';
import type { SiteView } from '../pull-path/site-view.ts';

/** What the user has chosen. */
export interface Choices {
  /** The identity that is to pull, in place of the one that is meant to now. */
  identity?: ChosenIdentity | undefined;
  /** Where to grant the role: the registry, when left out. */
  scope?: string | undefined;
}

export interface ChosenIdentity {
  id: string;
  clientId: string;
  principalId: string;
}

/** How a pull is to be when `fix` is done: by which identity, granted where. */
export interface Aim {
  identity: { kind: 'system-assigned' } | ({ kind: 'user-assigned' } & ChosenIdentity);
  /** Whether the user has named the identity. */
  isChosen: boolean;
  /** Undefined: at the registry. */
  scope: string | undefined;
  /** Those that the identity is to pull from this registry, for this site and the others of the plan. */
  repositories: string[];
}

/**
 * The aim for a pull: the identity that is chosen, else the one that is meant to pull now, by whichever of its ids,
 * else the only one that is attached, else a system-assigned one. `others`: all pulls of the plan. Undefined when only
 * a person can tell which is meant: the site names one that is not attached.
 */
export function aimOf(view: SiteView, choices: Choices, others: SiteView[] = []): Aim | undefined {
  const identity = choices.identity
    ? { kind: 'user-assigned' as const, ...choices.identity }
    : meantIdentity(view);
  if (!identity) return undefined;
  const alike = others.filter(
    (other) =>
      other.azureImage?.host === view.azureImage?.host && (choices.identity || isBySame(other, view)),
  );
  const repositories = [view, ...alike].flatMap(({ azureImage }) => azureImage?.repository ?? []);
  return {
    identity,
    isChosen: choices.identity !== undefined,
    scope: choices.scope,
    repositories: [...new Set(repositories)].sort(),
  };
}

function meantIdentity({ principal, site }: SiteView): Aim['identity'] | undefined {
  const { systemAssigned, userAssigned } = site.identity;
  const attached = (is: (it: ChosenIdentity) => boolean): Aim['identity'] | undefined => {
    const found = userAssigned.find(is);
    return found && { kind: 'user-assigned', ...found };
  };
  if (principal.found && principal.kind === 'user-assigned') {
    return attached(({ id }) => id === principal.identityId);
  }
  if (principal.found) return { kind: 'system-assigned' };
  const named = site.config.known ? site.config.value.acrUserManagedIdentityID?.toLowerCase() : undefined;
  if (!named) return userAssigned.length === 1 ? attached(() => true) : { kind: 'system-assigned' };
  // Another of its ids names an identity as well (cause A6).
  if (named === systemAssigned?.principalId.toLowerCase()) return { kind: 'system-assigned' };
  return attached(({ id, principalId }) => [id.toLowerCase(), principalId.toLowerCase()].includes(named));
}

/** Whether one identity pulls both; one that is still to be attached pulls all of its site. */
function isBySame(a: SiteView, b: SiteView): boolean {
  if (a.principal.found && b.principal.found) return a.principal.principalId === b.principal.principalId;
  return !a.principal.found && !b.principal.found && a.site.id === b.site.id;
}

/** The principal that is aimed at; undefined for a system-assigned identity that is not there yet. */
export function principalOf({ identity }: Aim, { site }: SiteView): string | undefined {
  return identity.kind === 'user-assigned' ? identity.principalId : site.identity.systemAssigned?.principalId;
}

/** Refuses a scope at which a grant would count for nothing (cause B3). Of a management group only Azure can tell. */
export function requireScope(scope: string, views: SiteView[]): void {
  if (/^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+$/i.test(scope)) return;
  for (const { registry } of views) {
    if (!registry?.known || reaches({ scope, listedIn: '' }, registry.value.id)) continue;
    throw new Failure(`A grant at this scope would not reach the registry ${registry.value.name}.`, {
      resource: scope,
      next: `give --scope the registry, its resource group or its subscription: ${registry.value.id}`,
    });
  }
}
