import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { LocalImage } from './engines/engine.ts';
import { type ImageReference, InvalidReference, parseImageReference } from './image-reference.ts';
import * as lines from './log-lines.ts';
import { choosePullUser, describePullUser, toCredentials } from './pull-credentials.ts';
import { PullError } from './pull-error.ts';
import type { PullEvent, Puller, PullRequest } from './puller.ts';
import type { PullCredentials } from './registry-client.ts';
import type { SiteSpec } from './site.ts';
import type { SiteLog } from './site-log.ts';

export interface SitePullOptions {
  puller: Puller;
  entra: Entra;
  clock: Clock;
  localCopies: boolean;
}

/** Lines of a layer's progress come no more often than this. */
const progressEveryMs = 1_000;

/**
 * Pulls a site's image and tells the story in its log, in the platform's words. Returns undefined when the image is
 * not to be had.
 */
export function createSitePull({ puller, entra, clock, localCopies }: SitePullOptions) {
  return async (
    spec: SiteSpec,
    reference: string,
    log: SiteLog,
    signal: AbortSignal,
  ): Promise<LocalImage | undefined> => {
    log.platform(lines.pullingImage(reference));
    const image = parse(reference, log);
    if (!image) return undefined;

    const user = choosePullUser(spec, image);
    log.platform(lines.pullingWith(describePullUser(user)));
    const credentials = await toCredentials(user, entra).catch((error: Error): PullCredentials => {
      log.platform(lines.noIdentityToken(error.message));
      return { kind: 'anonymous' };
    });

    const request = { image, credentials, localAddress: spec.pullAddress, signal };
    const first = await attempt(request, log);
    if (!(first instanceof PullError)) return first;
    // The platform tries a missing image once more without credentials, and logs that refusal, too: Azure/webapps-deploy 454.
    if (first.fault === 'not-found' && credentials.kind !== 'anonymous') {
      const second = await attempt({ ...request, credentials: { kind: 'anonymous' } }, log);
      if (!(second instanceof PullError)) return second;
    }
    log.platform(lines.defaultingToLocalCopy);
    const local = localCopies ? await puller.local(image) : undefined;
    if (!local) log.platform(lines.pullFailed);
    return local;
  };

  async function attempt(
    request: Omit<PullRequest, 'onEvent'>,
    log: SiteLog,
  ): Promise<LocalImage | PullError> {
    const startedOn = clock.now();
    const { signal } = request;
    try {
      const pulled = await puller.pull({ ...request, onEvent: progressLog(log) });
      log.platform(lines.pullSucceeded(clock.now() - startedOn));
      return pulled;
    } catch (error) {
      if (signal.aborted) log.platform(lines.pullInterrupted);
      signal.throwIfAborted();
      if (!(error instanceof PullError)) throw error;
      log.platform(lines.pullRefused(error));
      return error;
    }
  }

  function progressLog(log: SiteLog) {
    const lastLine = new Map<string, number>();
    return (event: PullEvent) => {
      if (event.kind === 'progress') {
        const now = clock.now();
        if (now - (lastLine.get(event.digest) ?? 0) < progressEveryMs) return;
        lastLine.set(event.digest, now);
      }
      log.platform(lines.pullEvent(event));
      if (event.kind === 'done') log.platform(lines.pullStatus(event));
    };
  }

  function parse(reference: string, log: SiteLog): ImageReference | undefined {
    try {
      return parseImageReference(reference);
    } catch (error) {
      if (!(error instanceof InvalidReference)) throw error;
      log.platform(lines.pullRefused(new PullError('invalid-reference', error.message)));
      log.platform(lines.defaultingToLocalCopy);
      log.platform(lines.pullFailed);
      return undefined;
    }
  }
}
