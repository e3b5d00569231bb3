import { restartOnce } from '../../remedies/by-hand/start.ts';
import { type Check, cannotTell, pass, skip, warn } from '../cause.ts';
import { siteStatus } from '../pages.ts';

export const siteBlocked: Check = {
  id: 'C4',
  link: 'start',
  confidence: 'verdict',
  title: 'The site is blocked after repeated failures',
  why: 'A site that failed to start several times is kept from trying for a while, so that a repair that is right appears not to work.',
  frequency: 'common',
  seenAs: [],
  judge: ({ site }) => {
    if (!site.siteStatus.known) {
      const { because } = site.siteStatus;
      // Windows sites have no such status.
      if (because.kind !== 'denied') return skip('the platform tells no status of this site');
      return cannotTell('the status of the site could not be read', because);
    }
    const instances = site.siteStatus.value;
    const blocked = instances.filter(({ state }) => state === 'Blocked');
    if (blocked.length > 0) {
      return warn(
        'the platform does not let the site try to start again for a while',
        ...blocked.map(({ instanceId, state, lastError }) => ({
          property: `state of instance ${instanceId}`,
          value: lastError ? `${state}, ${lastError}` : state,
          resource: `${site.id}/siteStatus`,
        })),
      );
    }
    const states = instances.map(({ state }) => state).join(', ');
    // What else keeps a site from starting is for other links to say, or for its log.
    return states !== '' && instances.every(({ state }) => state === 'Started')
      ? pass(states)
      : skip(states || 'no instance');
  },
  remedies: [restartOnce],
  docs: siteStatus,
};
