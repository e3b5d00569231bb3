import { setFlag } from '../../remedies/set-flag.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const resetByContainerSet: Cause = {
  id: 'A3',
  link: 'flag',
  confidence: 'hidden',
  title: 'az webapp config container set turned the flag off',
  why: 'Users saw the command write the flag back to false with the new image: it writes back the whole configuration as it has read it. Set the image with `az webapp config set --linux-fx-version` instead, and the flag after it.',
  frequency: 'common',
  seenAs: refusals,
  shownBy:
    'The flag is false, which doctor reports as A1 or A2; the activity log says who wrote config/web, and when.',
  remedies: [setFlag],
  docs: 'https://learn.microsoft.com/cli/azure/webapp/config/container',
};
