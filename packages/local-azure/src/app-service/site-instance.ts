import type { SiteLog } from './log/site-log.ts';
import type { SiteSpec } from './site.ts';
import type { Instance, Lifecycle } from './site-lifecycle.ts';
import { type createSiteStart, type RunningSite, stopContainer } from './site-start.ts';
import { createVisitors, type Visitors } from './visitors.ts';

/** A container that visitors are led to, and that a swap can move to another site. */
export interface SiteInstance extends RunningSite, Instance {
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

/** Starts a site's container. Rejects as a start does. */
export async function startInstance(
  start: ReturnType<typeof createSiteStart>,
  spec: SiteSpec,
  log: SiteLog,
  sequence: number,
  signal: AbortSignal,
): Promise<SiteInstance> {
  let current = log;
  const own: SiteLog = { ...log, output: (line) => current.output(line) };
  const running = await start(spec, own, sequence, signal);
  return {
    ...running,
    exited: running.container.exited,
    stop: () => stopContainer(running),
    visitors: createVisitors(),
    moveTo(next) {
      current = next;
    },
  };
}
