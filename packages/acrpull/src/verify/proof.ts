import type { SiteView } from '../pull-path/site-view.ts';
import type { Verified } from './verify-site.ts';

/** The principal that a site pulls as, or undefined when it does not use an identity. */
export function pullingIdentity({ site, principal, container }: SiteView): string | undefined {
  // With the flag on, App Service pulls with the identity and nothing else; with it off, with what is stored. A
  // container of a site with sidecars says for itself who pulls it.
  const usesIdentity = container || (site.config.known && site.config.value.acrUseManagedIdentityCreds);
  return usesIdentity && principal.found
    ? `${principal.kind} identity, principal ${principal.principalId}`
    : undefined;
}

/**
 * Whether a site was seen to pull with its identity, to start and to answer, on all its instances: serving alone does
 * not prove keyless.
 */
export const isProven = ({ outcome, open, diagnosis }: Verified): boolean =>
  outcome.kind === 'serving' && open.length === 0 && pullingIdentity(diagnosis.view) !== undefined;
