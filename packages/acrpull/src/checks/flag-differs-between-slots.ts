import { setFlag } from '../remedies/set-flag.ts';
import { type Check, fail, skip } from './check.ts';
import { flagEvidence, siteWithFlag } from './flag-facts.ts';

export const flagDiffersBetweenSlots: Check = {
  id: 'A2',
  link: 'flag',
  title: 'Another slot has acrUseManagedIdentityCreds, this one has not',
  why: 'Each slot has its own config/web, and the flag does not travel with a swap: every slot needs it.',
  judge: (view) => {
    const { config } = view.site;
    if (!config.known) return skip('config/web could not be read');
    const other = siteWithFlag(view);
    if (config.value.acrUseManagedIdentityCreds || !other) return skip('does not apply');
    return fail(`acrUseManagedIdentityCreds is false here and true on ${other}`, flagEvidence(view));
  },
  remedies: [setFlag],
  docs: 'https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped',
};
