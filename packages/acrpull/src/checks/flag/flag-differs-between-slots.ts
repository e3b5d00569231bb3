import { setFlag } from '../../remedies/set-flag.ts';
import { type Check, skip } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { whatSwaps } from '../pages.ts';
import { isFlagSilent, judgeWithoutFlag, siteWithFlag } from './flag-facts.ts';

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
    return judgeWithoutFlag(view, `acrUseManagedIdentityCreds is false here and true on ${other}`);
  },
  remedies: [setFlag],
  docs: whatSwaps,
};
