import { siteName } from '../../pull-path/site-view.ts';
import { proveSource } from '../../remedies/by-hand/swap.ts';
import { type Evidence, type ForetoldCause, fail, pass, skip, warn } from '../cause.ts';
import type { Diagnosis } from '../diagnose.ts';
import { swapSteps } from '../pages.ts';

export const sourceMustStart: ForetoldCause = {
  id: 'G2',
  link: 'start',
  confidence: 'foretold',
  title: 'The swap starts the source anew, and it cannot pull',
  why: 'Before anything is exchanged, the source gets the slot settings of the target, which starts it anew: it pulls its image as itself. If it does not start, Azure takes everything back and gives the swap up.',
  frequency: 'occasional',
  seenAs: [],
  foretell: ({ warmUp }) => {
    if (!warmUp) return skip('the source of the swap is started, not this site');
    if (!warmUp.firstBroken) return pass('the source can pull its image once more');
    const evidence = slotSettings(warmUp);
    const site = siteName(warmUp.view);
    return evidence
      ? fail(`the swap starts ${site} anew, whose link ${warmUp.firstBroken} is broken`, evidence)
      : warn(`if the swap starts ${site} anew, it cannot pull: its link ${warmUp.firstBroken} is broken`, {
          property: 'firstBroken',
          value: warmUp.firstBroken,
          resource: warmUp.view.site.id,
        });
  },
  remedies: [proveSource],
  docs: swapSteps,
};

/** The slot settings, where there are any: only these make it start anew, as far as is known here. */
function slotSettings({ view: { snapshot } }: Diagnosis): Evidence | undefined {
  const names = snapshot.slotSettingNames.known ? snapshot.slotSettingNames.value : [];
  if (names.length === 0) return undefined;
  const resource = `${snapshot.app.id}/config/slotConfigNames`;
  return { property: 'properties.appSettingNames', value: names.join(', '), resource };
}
