import { rebuildWithChown } from '../../remedies/by-hand/image.ts';
import type { Cause } from '../cause.ts';
import { authenticationRequired, unmappedId } from '../log-text.ts';
import { pullErrors } from '../pages.ts';

export const idNotMapped: Cause = {
  id: 'E6',
  link: 'manifest',
  confidence: 'hidden',
  title: 'A file of the image belongs to a user id that cannot be mapped',
  why: 'The platform maps the ids of the container to a range of the host’s. A layer with a greater one cannot be unpacked, and the second attempt ends with "unauthorized", which has nothing to do with it.',
  frequency: 'occasional',
  seenAs: [unmappedId],
  thenSeenAs: [authenticationRequired],
  shownBy: 'The first error of the attempt names the id, while all links hold.',
  remedies: [rebuildWithChown],
  docs: pullErrors,
};
