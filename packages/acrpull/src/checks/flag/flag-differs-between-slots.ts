import { setFlag } from '../../remedies/set-flag.ts';
import { type Check, cannotTell, fail, skip, warn } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { whatSwaps } from '../pages.ts';
import {
  credentialsEvidence,
  flagEvidence,
  isFlagSilent,
  siteWithFlag,
  storedCredentials,
} from './flag-facts.ts';

export const flagDiffersBetweenSlots: Check = {
  id: 'A2',
  link: 'flag',
  confidence: 'verdict',
  title: 'Another slot has acrUseManagedIdentityCreds, this one has not',
  why: 'Each slot has its own config/web, and the flag does not travel with a swap: every slot needs it.',
  frequency: 'very common',
  seenAs: refusals,
  judge: (view) => {
    const { config } = view.site;
    const other = siteWithFlag(view);
    if (!config.known || isFlagSilent(view)) return skip('does not apply');
    if (config.value.acrUseManagedIdentityCreds || !other) return skip('does not apply');
    const says = `acrUseManagedIdentityCreds is false here and true on ${other}`;
    const credentials = storedCredentials(view);
    switch (credentials.kind) {
      case 'unknown':
        return cannotTell(`${says}; whether stored credentials are used is not known`, credentials.because);
      case 'refused':
        return skip('see A17: stored credentials are used, and refused');
      case 'usable':
        return warn(
          `${says}: this site pulls with stored credentials`,
          flagEvidence(view),
          credentialsEvidence(view),
        );
      default:
        return fail(says, flagEvidence(view));
    }
  },
  remedies: [setFlag],
  docs: whatSwaps,
};
