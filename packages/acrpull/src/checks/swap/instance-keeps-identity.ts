import { restartOnce } from '../../remedies/by-hand/start.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const instanceKeepsIdentity: Cause = {
  id: 'G4',
  link: 'identity',
  confidence: 'hidden',
  title: 'An instance keeps the identity of before the swap',
  why: 'Reported once: after a swap one of several instances still had the identity of the other slot.',
  frequency: 'rare',
  seenAs: refusals,
  shownBy: '`acrpull verify` proves the pull on every instance: it fails on one of them, and all links hold.',
  remedies: [restartOnce],
  docs: 'https://github.com/MicrosoftDocs/azure-docs/issues/108386',
};
