import type { ContainerExit } from '../engines/engine.ts';
import type { ImageReference } from '../image-reference.ts';
import { dockerStatus, type PullError } from '../pull-error.ts';
import type { PullEvent } from '../puller.ts';
import type { PlatformEvent, StartingContainer, WorkerLog } from './platform-event.ts';

interface Line {
  level: 'INFO' | 'WARN' | 'ERROR';
  text: string;
}
const info = (text: string): Line => ({ level: 'INFO', text });
const warn = (text: string): Line => ({ level: 'WARN', text });
const error = (text: string): Line => ({ level: 'ERROR', text });

/**
 * The Linux worker that drives a Docker daemon.
 * Sources: Azure/acr issue 124, Azure/webapps-deploy issue 454, dotnet/dotnet-docker issue 2091,
 * microsoft/azure-pipelines-tasks issue 19037, MicrosoftDocs/azure-docs issue 55061, azureossd.github.io 2023-02-28.
 * Lines marked "ours" have no source.
 */
export const oldWorker: WorkerLog = {
  // `2023-02-24T10:12:49.835Z ERROR - text`: the level fills six columns.
  platform: (event, now) =>
    linesOf(event).map(({ level, text }) => `${new Date(now).toISOString()} ${level.padEnd(6)}- ${text}`),
  // The daemon's own time stamps have nine digits.
  output: (line, now) => `${new Date(now).toISOString().replace('Z', '000000Z')} ${line}`,
};

function linesOf(event: PlatformEvent): Line[] {
  switch (event.kind) {
    case 'pulling':
      return [info(`Pulling image: ${event.image}`)];
    case 'pull-progress':
      return progress(event.progress);
    case 'pulled':
      return [pulled(event.milliseconds)];
    case 'pull-refused':
      return [refused(event.refusal)];
    case 'pulling-over-vnet':
      return [info(`Attempting to pull image ${event.image} from VNET.`)];
    case 'pull-over-vnet-refused':
      // The spelling is the platform's, and so is the silence about the reason: MicrosoftDocs/azure-docs issue 64660.
      return [
        error(`Image pull for ${event.image} failed. UnexpectedFaliure`),
        error(`Pulling docker image ${event.image} over VNET failed.`),
      ];
    case 'pull-failed':
      return event.localCopy ? [defaulting] : [defaulting, failed];
    case 'pull-interrupted':
      return [warn('Container pull image interrupted. Revert by terminate.')]; // Of the newer worker.
    case 'starting':
      return starting(event);
    case 'warming-up':
      return [info(`Initiating warmup request to container ${event.container} for site ${event.site}`)];
    case 'still-waiting':
      return [
        info(
          `Waiting for response to warmup request for container ${event.container}. ` +
            `Elapsed time = ${event.milliseconds / 1000} sec`,
        ),
      ];
    case 'ready':
      return [
        info(
          `Container ${event.container} for site ${event.site} initialized successfully and is ready to serve requests.`,
        ),
      ];
    case 'timed-out':
      return [
        error(
          `Container ${event.container} for site ${event.site} did not start within expected time limit. ` +
            `Elapsed time = ${event.milliseconds / 1000} sec`,
        ),
        noAnswer(event),
      ];
    case 'exited-during-start':
      return [
        error(`Container ${event.container} for site ${event.site} has exited, failing site start`),
        noAnswer(event),
      ];
    case 'exited':
      // Ours.
      return [
        error(`Container ${event.container} for site ${event.site} has exited with ${how(event.exit)}.`),
      ];
    case 'start-failed':
      return [info(`Stopping site ${event.site} because it failed during startup.`)];
    case 'stopping':
      return [info(`Stopping site ${event.site}.`)]; // Ours.
    case 'remark':
      return [event];
  }
}

/** The empty line after the text is the platform's. */
const refused = (refusal: PullError) =>
  error(
    `DockerApiException: Docker API responded with status code=${dockerStatus(refusal.fault)}, ` +
      `response=${JSON.stringify({ message: refusal.message })}\n`,
  );

const defaulting = warn('Image pull failed. Defaulting to local copy if present.');
const failed = error(
  'Image pull failed: Verify docker image configuration and credentials (if using private repository)',
);

function pulled(milliseconds: number): Line {
  const seconds = Math.floor(milliseconds / 1000);
  return info(
    `Pull Image successful, Time taken: ${Math.floor(seconds / 60)} Minutes and ${seconds % 60} Seconds`,
  );
}

/** The daemon's progress stream. Lines without a layer keep the space where its id would stand. */
function progress(event: PullEvent): Line[] {
  switch (event.kind) {
    case 'pulling':
      return [info(`${nameOf(event.image)} Pulling from ${event.image.repository}`)];
    case 'layer':
      return [info(`${shortId(event.digest)} ${layerStatus[event.status]}`)];
    case 'progress':
      return [info(`${shortId(event.digest)} Downloading ${size(event.done)} / ${size(event.size)}`)];
    case 'done': {
      const status = event.changed ? 'Downloaded newer image' : 'Image is up to date';
      return [info(` Digest: ${event.digest}`), info(` Status: ${status} for ${event.image.text}`)];
    }
  }
}

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

function starting({ container, image, port, env, command, logged }: StartingContainer): Line[] {
  const variables = Object.entries(env).map(([name, value]) => `-e ${name}=${value}`);
  return [
    info('Starting container for site'),
    info(`docker run -d --expose=${port} --name ${container} ${variables.join(' ')} ${image} ${command} \n`),
    ...(logged ? [] : [info(notLogged)]),
  ];
}

const notLogged =
  'Logging is not enabled for this container.\n' +
  'Please use https://aka.ms/linux-diagnostics to enable logging to see container logs here.';

const noAnswer = ({ container, port }: { container: string; port: number }) =>
  error(
    `Container ${container} didn't respond to HTTP pings on port: ${port}, failing site start. ` +
      'See container logs for debugging.',
  );

const how = ({ code, signal }: ContainerExit) => signal ?? (code === null ? 'no exit code' : `code ${code}`);
