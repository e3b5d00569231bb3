import { preparedForSwap, swapInProgress } from './errors.ts';
import type { SiteRecord } from './model.ts';
import { productionSlot, siteNameOf } from './site-names.ts';

/** Keeps a site as it is while it is swapped, and between the two phases of a swap with preview. */
export interface SiteLocks {
  /** Throws Azure's refusal of an action, such as `config/Write`, on a site that has to stay as it is. */
  check(site: SiteRecord, action: string): void;
  /** Locks sites that no swap holds; throws Azure's refusal otherwise. Returns how to unlock them. */
  hold(sites: SiteRecord[]): () => void;
}

export function createSiteLocks(): SiteLocks {
  const held = new Set<string>();
  const key = ({ id }: SiteRecord) => id.toLowerCase();

  function checkUnheld(site: SiteRecord): void {
    const { app, slot = productionSlot } = siteNameOf(site.id);
    if (held.has(key(site))) throw swapInProgress(app, slot);
  }

  return {
    check(site, action) {
      const isWrite = /write$/i.test(action);
      if (isWrite || /^(start|stop|resetSlotConfig)\//.test(action)) checkUnheld(site);
      if (isWrite && site.body.properties.targetSwapSlot) throw preparedForSwap();
    },
    hold(sites) {
      sites.forEach(checkUnheld);
      for (const site of sites) held.add(key(site));
      return () => {
        for (const site of sites) held.delete(key(site));
      };
    },
  };
}
