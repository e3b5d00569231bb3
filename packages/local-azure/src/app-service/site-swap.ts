import type { Clock } from '../clock.ts';
import { swapFailed, swapped } from './log/remarks.ts';
import { type SiteDirectory, type SlotSwap, SwapFailure } from './site.ts';
import type { SiteInstance, SiteWorker } from './site-instance.ts';
import { StartFailure } from './start-failure.ts';
import { warmUpForSwap } from './swap-warm-up.ts';

export interface SiteSwapOptions {
  sites: SiteDirectory;
  workerOf(siteId: string): SiteWorker;
  clock: Clock;
  /** Ends all swaps. */
  signal: AbortSignal;
  logError(message: string, error: unknown): void;
}

/**
 * Swaps what two sites run. The source's container is started with the target's settings, beside what runs, and
 * warmed up; then, in one step, the sites are swapped and the target's visitors are led to it. What the target ran is
 * stopped when its last visitor has gone, and the source starts what the target was.
 * Source: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Swap operation steps"
 */
export function createSiteSwap({ sites, workerOf, clock, signal, logError }: SiteSwapOptions) {
  return async (swap: SlotSwap): Promise<void> => {
    const { log } = workerOf(swap.sourceId);
    try {
      await (swap.isPrepared ? completePrepared(swap) : startAndSwap(swap));
    } catch (error) {
      if (error instanceof SwapFailure) log.platform(swapFailed(error.message));
      throw error;
    }
  };

  /** The container keeps the source's WEBSITE_HOSTNAME until its next start, as on the platform: projectkudu/kudu issue 3292. */
  async function startAndSwap(swap: SlotSwap): Promise<void> {
    const spec = sites.spec(swap.sourceId);
    if (!spec) throw new SwapFailure('the site is gone');
    const source = workerOf(swap.sourceId);
    const instance = await source.start({ ...spec, ...swap.settings }, signal).catch((error: unknown) => {
      throw error instanceof StartFailure ? new SwapFailure(error.message) : error;
    });
    try {
      await warmUpForSwap(instance.container, swap.settings.appSettings, clock, signal);
      exchange(swap, instance);
    } catch (error) {
      await instance.stop();
      throw error;
    }
  }

  /** The second phase of a swap that was previewed: what the preview showed goes on to run. */
  async function completePrepared(swap: SlotSwap): Promise<void> {
    const { lifecycle } = workerOf(swap.sourceId);
    // The preview has begun to start it with the target's settings; what runs yet has the old ones.
    const instance = await lifecycle.latest();
    if (!instance) throw new SwapFailure('the site did not start');
    await warmUpForSwap(instance.container, swap.settings.appSettings, clock, signal);
    if (!lifecycle.release(instance)) throw new SwapFailure('the site was restarted while it was warmed up');
    try {
      exchange(swap, instance);
    } catch (error) {
      lifecycle.replace(instance);
      throw error;
    }
  }

  /** One step, without a pause in which a visitor could come. */
  function exchange({ sourceId, targetId, commit }: SlotSwap, instance: SiteInstance): void {
    commit();
    const [source, target] = [workerOf(sourceId), workerOf(targetId)];
    instance.moveTo(targetId, target.log);
    // A target that is stopped stays so.
    const leaving = sites.spec(targetId)?.enabled ? target.lifecycle.replace(instance) : instance;
    source.lifecycle.restart({ overlapped: false });
    const told = swapped(sites.spec(sourceId)?.name ?? sourceId, sites.spec(targetId)?.name ?? targetId);
    for (const { log } of [source, target]) log.platform(told);
    leaving?.retire().catch((error) => logError(`Stopping ${leaving.name} failed`, error));
  }
}
