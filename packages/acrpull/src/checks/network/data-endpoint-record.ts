import { addZoneGroup } from '../../remedies/by-hand/network.ts';
import type { Cause } from '../cause.ts';
import { clientTimeout, dialTimeout, overVnet, overVnetFailed } from '../log-text.ts';
import { privateRegistry } from '../pages.ts';

export const dataEndpointRecord: Cause = {
  id: 'D9',
  link: 'network',
  confidence: 'hidden',
  title: 'The private zone lacks the registry’s data endpoint',
  why: 'A private endpoint has an address for the registry and one more for each region that layers come from. With the first alone the manifest is found, and its layers are not.',
  frequency: 'common',
  seenAs: [dialTimeout, clientTimeout, overVnet, overVnetFailed],
  shownBy:
    'The pull begins, and the log has a time-out on a layer, from <registry>.<region>.data.azurecr.io.',
  remedies: [addZoneGroup],
  docs: privateRegistry,
};
