import type { PlatformEvent } from './platform-event.ts';

/** What the platform keeps to itself and the local Azure tells, in the same words in every worker's log. */
type Remark = Extract<PlatformEvent, { kind: 'remark' }>;

const info = (text: string): Remark => ({ kind: 'remark', level: 'INFO', text });
const error = (text: string): Remark => ({ kind: 'remark', level: 'ERROR', text });

export const pullingAs = (user: string) => info(`Pulling image with ${user}`);

/** Before the registry is asked: the token of the identity cannot be had. */
export const noIdentityToken = (reason: string) => error(`Managed identity token request failed: ${reason}`);

export const otherArchitecture = (architecture: string) =>
  info(
    `Using the image for linux/${architecture}, this machine's platform; App Service itself runs linux/amd64.`,
  );

export const notStarted = (reason: string) => error(`Image pulled, container not started: ${reason}`);

export const withShortfall = (shortfall: string) => info(`The container runs all the same: ${shortfall}`);

export const nothingToRun = (reason: string) => error(`Site not started: ${reason}`);

export const swapped = (source: string, target: string) =>
  info(`Sites ${source} and ${target} were swapped: each runs the other's container from now on.`);

export const swapFailed = (reason: string) => error(`Swap given up, nothing was changed: ${reason}.`);

export const unloaded = info('No request for 20 minutes: the site is unloaded. The next one starts it.');

export const blocked = (ms: number) =>
  error(`The site is blocked: too many starts have failed. The next attempt is in ${ms / 60_000} minutes.`);
