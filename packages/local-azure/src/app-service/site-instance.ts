import type { Clock } from '../clock.ts';
import type { IdentityEndpoint } from './identity-endpoint.ts';
import type { SiteLog } from './log/site-log.ts';
import type { SiteDirectory, SiteSpec } from './site.ts';
import type { Instance, Lifecycle } from './site-lifecycle.ts';
import { type createSiteStart, type RunningSite, type StartRequest, stopContainer } from './site-start.ts';
import { createVisitors, type Visitors } from './visitors.ts';

/** A container that visitors are led to, and that a swap can move to another site. */
export interface SiteInstance extends RunningSite, Instance {
  /** What it was started with. */
  spec: SiteSpec;
  visitors: Visitors;
  /** From now on it has the site's identities, and what it prints goes to the site's log. */
  moveTo(siteId: string, log: SiteLog): void;
}

/** A site on its worker. */
export interface SiteWorker {
  log: SiteLog;
  lifecycle: Lifecycle<SiteInstance>;
  /** Starts a container beside what runs. Rejects as a start does. */
  start(spec: SiteSpec, signal: AbortSignal): Promise<SiteInstance>;
}

export interface InstanceOptions {
  sites: SiteDirectory;
  identityEndpoint: IdentityEndpoint;
  start: ReturnType<typeof createSiteStart>;
  clock: Clock;
  /** Ends the patience with the last visitors. */
  closing: AbortSignal;
}

/** How long visitors may stay in a container that another one has replaced. The platform recycles it "quickly". */
const longestVisitMs = 30_000;

/** Starts sites' containers. Rejects as a start does. */
export function createStartInstance(options: InstanceOptions) {
  const { sites, identityEndpoint, start, clock, closing } = options;
  return async (request: Omit<StartRequest, 'hostService'>): Promise<SiteInstance> => {
    const { spec, log } = request;
    let home = { siteId: spec.id, log };
    const hasIdentity = spec.identity.systemAssigned || spec.identity.userAssigned.length > 0;
    const running = await start({
      ...request,
      log: { ...log, output: (line) => home.log.output(line) },
      hostService: hasIdentity
        ? identityEndpoint.forContainer(() => sites.spec(home.siteId)?.identity)
        : undefined,
    });
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
      moveTo(siteId, log) {
        home = { siteId, log };
      },
    };
  };
}
