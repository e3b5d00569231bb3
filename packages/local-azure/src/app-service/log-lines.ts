import type { ImageReference } from './image-reference.ts';
import { dockerStatus, type PullError } from './pull-error.ts';
import type { PullEvent } from './puller.ts';

/**
 * The platform's log lines as the Linux worker that drives a Docker daemon writes them to `*_docker.log`.
 * Sources: Azure/acr issue 124, Azure/webapps-deploy issue 454, dotnet/dotnet-docker issue 2091,
 * microsoft/azure-pipelines-tasks issue 19037, azureossd.github.io 2023-02-28. Lines marked "ours" have no source.
 */
export type Level = 'INFO' | 'WARN' | 'ERROR';
export interface LogLine {
  level: Level;
  text: string;
}

const info = (text: string): LogLine => ({ level: 'INFO', text });
const warn = (text: string): LogLine => ({ level: 'WARN', text });
const error = (text: string): LogLine => ({ level: 'ERROR', text });

/** `2023-02-24T10:12:49.835Z ERROR - text`: the level fills six columns. */
export const formatLine = (now: number, { level, text }: LogLine) =>
  `${new Date(now).toISOString()} ${level.padEnd(6)}- ${text}`;

export const pullingImage = (image: string) => info(`Pulling image: ${image}`);

/** Ours: the platform does not say how it authenticates. */
export const pullingWith = (how: string) => info(`Pulling image with ${how}`);

/** Ours. */
export const pulledFor = (architecture: string) =>
  info(
    `Using the image for linux/${architecture}, this machine's platform; App Service itself runs linux/amd64.`,
  );

/** The empty line after the text is the platform's. */
export const pullRefused = (refusal: PullError) =>
  error(
    `DockerApiException: Docker API responded with status code=${dockerStatus(refusal.fault)}, ` +
      `response=${JSON.stringify({ message: refusal.message })}\n`,
  );

/** Before the daemon is asked: the token of the identity cannot be had. Ours. */
export const noIdentityToken = (reason: string) => error(`Managed identity token request failed: ${reason}`);

export const defaultingToLocalCopy = warn('Image pull failed. Defaulting to local copy if present.');
export const pullFailed = error(
  'Image pull failed: Verify docker image configuration and credentials (if using private repository)',
);
/** Of newer workers; two starts race and the later one wins. */
export const pullInterrupted = warn('Container pull image interrupted. Revert by terminate.');

export function pullSucceeded(milliseconds: number): LogLine {
  const seconds = Math.floor(milliseconds / 1000);
  return info(
    `Pull Image successful, Time taken: ${Math.floor(seconds / 60)} Minutes and ${seconds % 60} Seconds`,
  );
}

/** The daemon's progress stream. Lines without a layer keep the space where its id would stand. */
export function pullEvent(event: PullEvent): LogLine {
  switch (event.kind) {
    case 'pulling':
      return info(`${nameOf(event.image)} Pulling from ${event.image.repository}`);
    case 'layer':
      return info(`${shortId(event.digest)} ${layerStatus[event.status]}`);
    case 'progress':
      return info(`${shortId(event.digest)} Downloading ${size(event.done)} / ${size(event.size)}`);
    case 'done':
      return info(` Digest: ${event.digest}`);
  }
}

export const pullStatus = ({ changed, image }: Extract<PullEvent, { kind: 'done' }>) =>
  info(` Status: ${changed ? 'Downloaded newer image' : 'Image is up to date'} for ${image.text}`);

const layerStatus = {
  new: 'Pulling fs layer',
  exists: 'Already exists',
  verifying: 'Verifying Checksum',
  downloaded: 'Download complete',
  complete: 'Pull complete',
} as const;

const nameOf = ({ tag, digest }: ImageReference) => tag ?? digest;
const shortId = (digest: string) => digest.slice(digest.indexOf(':') + 1).slice(0, 12);

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  return bytes < 1024 * 1024 ? `${Math.floor(bytes / 1024)}KB` : `${Math.floor(bytes / 1024 / 1024)}MB`;
}

export const startingContainer = info('Starting container for site');

/** App settings are not printed: they hold secrets. */
export const dockerRun = (
  container: string,
  port: number,
  env: Record<string, string>,
  image: string,
  command: string,
) =>
  info(
    `docker run -d --expose=${port} --name ${container} ` +
      `${Object.entries(env)
        .map(([name, value]) => `-e ${name}=${value}`)
        .join(' ')} ${image} ${command} \n`,
  );

export const warmingUp = (container: string, site: string) =>
  info(`Initiating warmup request to container ${container} for site ${site}`);

export const stillWaiting = (container: string, milliseconds: number) =>
  info(
    `Waiting for response to warmup request for container ${container}. Elapsed time = ${milliseconds / 1000} sec`,
  );

export const ready = (container: string, site: string) =>
  info(`Container ${container} for site ${site} initialized successfully and is ready to serve requests.`);

export const startTimedOut = (container: string, site: string, milliseconds: number) =>
  error(
    `Container ${container} for site ${site} did not start within expected time limit. ` +
      `Elapsed time = ${milliseconds / 1000} sec`,
  );

export const noAnswer = (container: string, port: number) =>
  error(
    `Container ${container} didn't respond to HTTP pings on port: ${port}, failing site start. ` +
      'See container logs for debugging.',
  );

export const exitedDuringStart = (container: string, site: string) =>
  error(`Container ${container} for site ${site} has exited, failing site start`);

/** Ours. */
export const exitedWhileRunning = (container: string, site: string, how: string) =>
  error(`Container ${container} for site ${site} has exited with ${how}.`);

/** Ours. */
export const notStarted = (reason: string) => error(`Image pulled, container not started: ${reason}`);

/** Ours. */
export const nothingToRun = (reason: string) => error(`Site not started: ${reason}`);

export const stoppingFailedSite = (site: string) =>
  info(`Stopping site ${site} because it failed during startup.`);

/** Ours. */
export const stoppingSite = (site: string) => info(`Stopping site ${site}.`);

/** Ours. */
export const swapped = (source: string, target: string) =>
  info(`Sites ${source} and ${target} were swapped: each runs the other's container from now on.`);

/** Ours. */
export const swapFailed = (reason: string) => error(`Swap given up, nothing was changed: ${reason}.`);
