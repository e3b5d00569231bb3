import type { SiteView } from '../../pull-path/site-view.ts';

/** Whether there is no registry of this name: nobody sees it, and its host has no address. */
export const isRegistryAbsent = ({ registry, manifest }: Pick<SiteView, 'registry' | 'manifest'>): boolean =>
  registry?.known === false && manifest?.known === false && manifest.because.kind === 'no-such-host';
