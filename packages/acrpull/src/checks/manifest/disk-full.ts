import { slimImage } from '../../remedies/by-hand/image.ts';
import type { Cause } from '../cause.ts';
import { diskFull as noSpace } from '../log-text.ts';

export const diskFull: Cause = {
  id: 'E7',
  link: 'manifest',
  confidence: 'hidden',
  title: 'The disk of the instance is full',
  why: 'All sites of a plan share the disk of its instances, with all their images and what their containers write.',
  frequency: 'occasional',
  seenAs: [noSpace],
  shownBy: 'The log says so in the middle of the pull, while all links hold.',
  remedies: [slimImage],
  docs: 'https://azureossd.github.io/2023/04/11/troubleshooting-no-space-left-on-device/',
};
