import type { Clock } from '../clock.ts';
import type { Container } from './engines/engine.ts';
import { ping } from './ping.ts';
import { SwapFailure } from './site.ts';

/** A request that is not answered in this time is made again. */
const timeoutMs = 90_000;
const timeouts = 5;
const pauseMs = 1_000;

/**
 * Asks the source's container for a page before a swap leads visitors to it. Rejects with {@link SwapFailure} when it
 * does not answer, or not as the settings want it.
 * Sources: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Specify custom warm-up" and "Troubleshoot swaps";
 * reference-app-settings.md, "Deployment slots"; the agent, projectkudu/kudu issue 2583
 */
export async function warmUpForSwap(
  container: Container,
  settings: Record<string, string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const path = settings.WEBSITE_SWAP_WARMUP_PING_PATH ?? '/';
  if (!/^\/[!-~]*$/.test(path)) throw new SwapFailure(`WEBSITE_SWAP_WARMUP_PING_PATH is no path: ${path}`);
  const wanted = statuses(settings.WEBSITE_SWAP_WARMUP_PING_STATUSES);
  const configured = Number.parseInt(settings.WEBSITE_SLOT_MAX_NUMBER_OF_TIMEOUTS ?? '', 10);
  const most = configured > 0 ? configured : timeouts;

  for (let n = 1; n <= most; n++) {
    const status = await ping(container, { path, userAgent: 'SiteWarmup', timeoutMs, signal });
    signal.throwIfAborted();
    if (status === undefined) {
      await clock.sleep(pauseMs, signal);
      continue;
    }
    if (wanted.length === 0 || wanted.includes(status)) return;
    throw new SwapFailure(
      `${path} was answered with ${status}, and WEBSITE_SWAP_WARMUP_PING_STATUSES is ${wanted.join(',')}`,
    );
  }
  throw new SwapFailure(`${path} was not answered`);
}

/** `200,202`; none means any. */
const statuses = (list = '') =>
  list
    .split(',')
    .map((text) => Number.parseInt(text, 10))
    .filter(Number.isInteger);
