/** The links of the pull path, in the order in which a pull needs them. */
export const links = [
  'image',
  'registry',
  'identity',
  'grant',
  'flag',
  'network',
  'manifest',
  'start',
] as const;
export type Link = (typeof links)[number];

/**
 * What each link stands on: while one of those does not hold, whatever is found at this one may be its consequence
 * only. The flag stands on nothing: it is wrong by itself, whoever else is.
 */
const standsOn: Record<Link, readonly Link[]> = {
  image: [],
  registry: ['image'],
  identity: [],
  grant: ['registry', 'identity'],
  flag: [],
  network: ['registry'],
  manifest: ['registry'],
  start: ['grant', 'flag', 'network', 'manifest'],
};

/** The first of `broken` that the link stands on, at whatever remove; undefined when it stands on none of them. */
export function cutBy(link: Link, broken: ReadonlySet<Link>): Link | undefined {
  return links.find((other) => broken.has(other) && standsUpon(link, other));
}

const standsUpon = (link: Link, other: Link): boolean =>
  standsOn[link].some((below) => below === other || standsUpon(below, other));
