import type { Clock } from '../clock.ts';
import { startLimitMs, warmUpProbe } from './container-settings.ts';
import type { Container, ContainerExit } from './engines/engine.ts';
import type { SiteLog } from './log/site-log.ts';
import { ping } from './ping.ts';
import { StartFailure } from './start-failure.ts';

export interface WarmUpOptions {
  container: Container;
  /** Of the container. */
  name: string;
  site: string;
  port: number;
  settings: Record<string, string>;
  log: SiteLog;
  clock: Clock;
  signal: AbortSignal;
}

const probe = { userAgent: 'HealthCheck/1.0', timeoutMs: 10_000 };
const probeEveryMs = 100;
const reportEveryMs = 15_000;

/**
 * Asks the container for a page until it answers. Rejects with {@link StartFailure} when it ends or the time is up.
 * The agent's name: MicrosoftDocs/azure-docs issue 118581, azureossd.github.io 2023-03-15.
 */
export async function warmUp({ container, name, site, port, settings, log, clock, signal }: WarmUpOptions) {
  const startedOn = clock.now();
  const limit = startLimitMs(settings);
  const { path, accepts } = warmUpProbe(settings);
  let exit: ContainerExit | undefined;
  container.exited.then((how) => {
    exit = how;
  });
  let reportedOn = startedOn;
  log.platform({ kind: 'warming-up', site, container: name });

  for (;;) {
    const status = await ping(container, { ...probe, path, signal });
    if (status !== undefined && accepts(status)) break;
    signal.throwIfAborted();
    if (exit) {
      log.platform({ kind: 'exited-during-start', site, container: name, port, exit });
      throw new StartFailure(`container ${name} has exited`);
    }
    const elapsed = clock.now() - startedOn;
    if (elapsed >= limit) {
      log.platform({ kind: 'timed-out', site, container: name, port, milliseconds: elapsed });
      throw new StartFailure(`container ${name} did not answer`);
    }
    if (clock.now() - reportedOn >= reportEveryMs) {
      reportedOn = clock.now();
      log.platform({ kind: 'still-waiting', container: name, milliseconds: elapsed });
    }
    await clock.sleep(probeEveryMs, signal);
  }
  log.platform({ kind: 'ready', site, container: name, milliseconds: clock.now() - startedOn });
}
