import { siteName } from '../../pull-path/site-view.ts';
import { removeCredentials } from '../../remedies/remove-credentials.ts';
import { setFlag } from '../../remedies/set-flag.ts';
import { type ForetoldCause, fail, skip, warn } from '../cause.ts';
import type { Diagnosis } from '../diagnose.ts';
import { credentialsEvidence, storedCredentials } from '../flag/flag-facts.ts';
import { clientIdMustBeGuid, invalidClientId, refusals } from '../log-text.ts';
import { whatSwaps } from '../pages.ts';
import { newlyBroken } from './newly-broken.ts';

export const credentialsTravel: ForetoldCause = {
  id: 'G3',
  link: 'flag',
  confidence: 'foretold',
  title: 'Registry credentials travel with a swap, and the flag does not',
  why: 'DOCKER_REGISTRY_SERVER_* are app settings like others: unless they are slot settings, a swap takes them from the slot that pulls with them, and leaves them in one that is meant to use its identity.',
  frequency: 'occasional',
  seenAs: [clientIdMustBeGuid, invalidClientId, ...refusals],
  foretell: (site) => {
    const { before, after, other } = site;
    if (storedCredentials(before.view).kind === 'usable' && newlyBroken(site, ['flag'])) {
      return fail(
        `what the site pulls with today is not here after the swap, and its flag stays off`,
        { ...credentialsEvidence(before.view), property: 'app settings now' },
        { ...credentialsEvidence(after.view), property: 'app settings after the swap' },
      );
    }
    if (hasCredentials(after) && !hasCredentials(before)) {
      return warn(`the credentials of ${siteName(other.view)} come here`, credentialsEvidence(other.view));
    }
    return skip('no credentials travel');
  },
  remedies: [setFlag, removeCredentials],
  docs: whatSwaps,
};

function hasCredentials({ view: { site } }: Diagnosis): boolean {
  return (
    site.appSettings.known && Boolean(site.appSettings.value.username ?? site.appSettings.value.password)
  );
}
