import { finished, type LastError, lastErrorOf, pullError } from './last-error.ts';
import type { PlatformEvent, WorkerLog } from './platform-event.ts';

/**
 * The newer Linux worker, which tells the state of the site. It names neither the digest nor the layers of an image.
 * Sources: Azure/webapps-deploy issue 455 (a failed pull), the logs that azureossd.github.io and users show (June 2025
 * to May 2026), Azure/AppService _posts/2026-06-01-sitestatus.md. Lines marked "ours" have no source; lines on volumes,
 * pipes and metrics, which say nothing about a site here, are left out.
 */
export const newWorker: WorkerLog = {
  platform: (event, now) => linesOf(event, now).map((text) => `${new Date(now).toISOString()} ${text}`),
  // .NET's ticks have seven digits.
  output: (line, now) => `${new Date(now).toISOString().replace('Z', '0000Z')} ${line}`,
};

function linesOf(event: PlatformEvent, now: number): string[] {
  switch (event.kind) {
    case 'pulling':
      return [
        state('Starting', 'StartingSiteContainers'),
        'Container start method called.',
        state('Starting', 'PullingImage', `Pulling image ${event.image} for ${event.site}.`),
        'Establishing network.',
        `Pulling image: ${event.image}.`,
      ];
    case 'pull-progress':
      return [];
    case 'pulled':
      return [`Image ${event.image.text} is pulled from registry ${event.image.host}`];
    case 'pulling-over-vnet':
    case 'pull-over-vnet-refused':
      return []; // Nothing is known of what this worker says.
    case 'pull-refused':
      return []; // Told once no attempt is left.
    case 'pull-failed':
      return pullFailed(event, now);
    case 'pull-interrupted':
      return ['Container pull image interrupted. Revert by terminate.'];
    case 'starting':
      return [
        'Container is starting.',
        'Creating container.',
        `Setting value of PORT variable to ${event.port}`,
        `Starting container: ${event.container}.`,
      ];
    case 'warming-up':
      return [
        'Container is running.',
        state('Starting', 'CreatingContainer', running(event.site)),
        state('Starting', 'InitiatingSiteWarmUpProbe', running(event.site)),
        state(
          'Starting',
          'WaitingForSiteWarmUpProbeSuccess',
          'Pinging warmup path to ensure container is ready to receive requests.',
        ),
      ];
    case 'still-waiting':
      return [];
    case 'ready': {
      const succeeded = `Site startup probe succeeded after ${event.milliseconds / 1000} seconds.`;
      return [
        succeeded,
        state('Starting', 'WarmUpProbeSucceeded', succeeded),
        'Site started.',
        state('Started', 'None', `Site started at ${dateTime(now)} (UTC)`),
      ];
    }
    case 'timed-out':
      return [
        `Site startup probe failed after ${event.milliseconds / 1000} seconds.`,
        stopping(now, 'StoppingSiteContainers', lastErrorOf(event)!),
        terminated(event.site),
      ];
    case 'exited-during-start':
      return [finished(event.exit), terminated(event.site)];
    case 'exited':
      return [finished(event.exit)];
    case 'start-failed':
      return ['Failed to start site. Revert by stopping site.', `Site: ${event.site} stopped.`];
    case 'stopping':
      return [state('Stopping', 'StoppingSite')];
    case 'remark':
      return [event.text];
  }
}

const noError = 'LastError: , LastErrorTimestamp: 01/01/0001 00:00:00, LastErrorDetails: ';

const state = (name: string, action: string, details = '') =>
  `State: ${name}, Action: ${action}, ${noError}, Details: ${details}, DetailsLevel: INFO`;

const stopping = (now: number, action: string, { name, details }: LastError) =>
  `State: Stopping, Action: ${action}, LastError: ${name}, LastErrorTimestamp: ${dateTime(now)}, ` +
  `LastErrorDetails: ${details}, Details: , DetailsLevel: ERROR`;

/** `04/22/2026 05:34:05` */
function dateTime(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${clock.slice(0, 8)}`;
}

function pullFailed(
  { site, image, refusal, localCopy }: Extract<PlatformEvent, { kind: 'pull-failed' }>,
  now: number,
): string[] {
  const lastError = pullError(image, refusal);
  if (localCopy) return [lastError.details, 'Image pull failed. Defaulting to local copy if present.']; // Ours.
  return [
    'Container pull image failed with reason: ImagePullFailure. Revert by terminate.',
    'Container is terminating. Grace period: 5 seconds.',
    terminated(site),
    stopping(now, 'StoppingSite', lastError),
  ];
}

const running = (site: string) => `Container ${site} successfully created and is running.`;
const terminated = (site: string) => `Site container: ${site} terminated during site startup.`;
