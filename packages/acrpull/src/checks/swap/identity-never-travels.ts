import { shareIdentity } from '../../remedies/by-hand/swap.ts';
import { type ForetoldCause, skip, warn } from '../cause.ts';
import type { Diagnosis } from '../diagnose.ts';
import { refusals } from '../log-text.ts';
import { whatSwaps } from '../pages.ts';

export const identityNeverTravels: ForetoldCause = {
  id: 'G5',
  link: 'identity',
  confidence: 'foretold',
  title: 'Slot settings are told to travel, and the identity does not',
  why: 'WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS lets general settings travel with a swap that otherwise stay. Managed identities stay all the same, and with them what names the one that pulls.',
  frequency: 'rare',
  seenAs: refusals,
  foretell: ({ after, other }) => {
    if (!letsDefaultsTravel(after) || !letsDefaultsTravel(other)) return skip('not in every slot');
    return warn('general settings travel with this swap, and the identity stays', {
      property: 'WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS',
      value: 'off, in both slots',
      resource: `${after.view.site.id}/config/appsettings`,
    });
  },
  remedies: [shareIdentity],
  docs: whatSwaps,
};

const letsDefaultsTravel = ({ view: { site } }: Diagnosis) =>
  site.appSettings.known && site.appSettings.value.defaultsTravel === true;
