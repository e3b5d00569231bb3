import type { Clock } from '../clock.ts';
import type { SiteLog } from './log/site-log.ts';
import type { SiteSpec } from './site.ts';
import type { Instance, Lifecycle } from './site-lifecycle.ts';
import { type createSiteStart, type RunningSite, stopContainer } from './site-start.ts';
import { createVisitors, type Visitors } from './visitors.ts';

/** A container that visitors are led to, and that a swap can move to another site. */
export interface SiteInstance extends RunningSite, Instance {
  /** What it was started with. */
  spec: SiteSpec;
  visitors: Visitors;
  /** What the container prints goes to this log from now on. */
  moveTo(log: SiteLog): void;
}

/** A site on its worker. */
export interface SiteWorker {
  log: SiteLog;
  lifecycle: Lifecycle<SiteInstance>;
  /** Starts a container beside what runs. Rejects as a start does. */
  start(spec: SiteSpec, signal: AbortSignal): Promise<SiteInstance>;
}

export interface InstanceOptions {
  start: ReturnType<typeof createSiteStart>;
  clock: Clock;
  /** Ends the patience with the last visitors. */
  closing: AbortSignal;
}

/** How long visitors may stay in a container that another one has replaced. The platform recycles it "quickly". */
const longestVisitMs = 30_000;

/** Starts sites' containers. Rejects as a start does. */
export function createStartInstance({ start, clock, closing }: InstanceOptions) {
  return async (
    spec: SiteSpec,
    log: SiteLog,
    sequence: number,
    signal: AbortSignal,
  ): Promise<SiteInstance> => {
    let current = log;
    const own: SiteLog = { ...log, output: (line) => current.output(line) };
    const running = await start(spec, own, sequence, signal);
    const visitors = createVisitors();
    const exited = running.container.exited;
    return {
      ...running,
      spec,
      exited,
      visitors,
      isBusy: visitors.present,
      stop: () => stopContainer(running),
      async retire() {
        const over = new AbortController();
        const patience = clock.sleep(longestVisitMs, AbortSignal.any([closing, over.signal])).catch(() => {});
        // Who was led to it in this very step is inside in the next.
        await new Promise(setImmediate);
        await Promise.race([visitors.gone(), exited, patience]);
        over.abort();
        await stopContainer(running);
      },
      moveTo(next) {
        current = next;
      },
    };
  };
}
