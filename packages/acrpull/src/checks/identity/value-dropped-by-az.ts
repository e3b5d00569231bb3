import { selectIdentity } from '../../remedies/select-identity.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';

export const valueDroppedByAz: Cause = {
  id: 'A11',
  link: 'identity',
  confidence: 'hidden',
  title: 'az resource update reported success and stored nothing',
  why: '`az resource update --set properties.AcrUserManagedIdentityID=…` writes to the site, where the property is not: Azure drops what it does not know there, and says 200.',
  frequency: 'occasional',
  seenAs: refusals,
  shownBy:
    'The value that is read back is empty, which doctor reports as A7; only your script says what it meant to write.',
  remedies: [selectIdentity],
  docs: managedIdentityPull,
};
