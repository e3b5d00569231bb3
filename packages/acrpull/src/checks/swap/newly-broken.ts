import type { Link } from '../../pull-path/links.ts';
import type { SwappedSite } from '../cause.ts';
import type { Diagnosis } from '../diagnose.ts';

const isBroken = ({ chain }: Diagnosis, link: Link) =>
  chain.some((judged) => judged.link === link && judged.status === 'fail');

/** The first of these links that the swap breaks. */
export const newlyBroken = (
  { before, after }: Pick<SwappedSite, 'before' | 'after'>,
  links: Link[],
): Link | undefined => links.find((link) => isBroken(after, link) && !isBroken(before, link));
