import type { Clock } from '../clock.ts';
import type { Entra } from '../entra/entra.ts';
import type { LocalImage } from './engines/engine.ts';
import { type ImageReference, InvalidReference, parseImageReference } from './image-reference.ts';
import { noIdentityToken, pullingAs } from './log/remarks.ts';
import type { SiteLog } from './log/site-log.ts';
import { choosePullUser, describePullUser, toCredentials } from './pull-credentials.ts';
import { PullError } from './pull-error.ts';
import type { PullEvent, Puller, PullRequest } from './puller.ts';
import type { PullCredentials } from './registry-client.ts';
import type { SiteSpec } from './site.ts';

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
    const site = spec.name;
    log.platform({ kind: 'pulling', site, image: reference });
    const image = parse(reference);
    if (image instanceof PullError) {
      log.platform({ kind: 'pull-refused', refusal: image });
      log.platform({ kind: 'pull-failed', site, image: reference, refusal: image, localCopy: false });
      return undefined;
    }

    const user = choosePullUser(spec, image);
    log.platform(pullingAs(describePullUser(user)));
    const credentials = await toCredentials(user, entra).catch((error: Error): PullCredentials => {
      log.platform(noIdentityToken(error.message));
      return { kind: 'anonymous' };
    });

    if (spec.pullsOverVnet) log.platform({ kind: 'pulling-over-vnet', image: reference });
    const onRefused = (refusal: PullError) =>
      log.platform(
        spec.pullsOverVnet
          ? { kind: 'pull-over-vnet-refused', image: reference }
          : { kind: 'pull-refused', refusal },
      );
    const request = { image, credentials, localAddress: spec.pullAddress, signal, onRefused };
    const first = await attempt(request, log);
    if (!(first instanceof PullError)) return first;
    // The platform tries a missing image once more without credentials, and logs that refusal, too: Azure/webapps-deploy 454.
    if (first.fault === 'not-found' && credentials.kind !== 'anonymous') {
      const second = await attempt({ ...request, credentials: { kind: 'anonymous' } }, log);
      if (!(second instanceof PullError)) return second;
    }
    const local = localCopies ? await puller.local(image) : undefined;
    const localCopy = local !== undefined;
    log.platform({ kind: 'pull-failed', site, image: reference, refusal: first, localCopy });
    return local;
  };

  async function attempt(
    { onRefused, ...request }: Omit<PullRequest, 'onEvent'> & { onRefused(refusal: PullError): void },
    log: SiteLog,
  ): Promise<LocalImage | PullError> {
    const startedOn = clock.now();
    const { signal } = request;
    try {
      const pulled = await puller.pull({ ...request, onEvent: progressLog(log) });
      log.platform({ kind: 'pulled', image: request.image, milliseconds: clock.now() - startedOn });
      return pulled;
    } catch (error) {
      if (signal.aborted) log.platform({ kind: 'pull-interrupted' });
      signal.throwIfAborted();
      if (!(error instanceof PullError)) throw error;
      onRefused(error);
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
      log.platform({ kind: 'pull-progress', progress: event });
    };
  }
}

function parse(reference: string): ImageReference | PullError {
  try {
    return parseImageReference(reference);
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    return new PullError('invalid-reference', error.message);
  }
}
