import type { ContainerExit } from '../engines/engine.ts';
import type { PullError } from '../pull-error.ts';
import type { PlatformEvent } from './platform-event.ts';

/** What Azure's Site Status names as a site's last error. */
export interface LastError {
  name: string;
  details: string;
}

/** The error that an event is; undefined for one that is none. Where nothing is known of Azure's words they are ours. */
export function lastErrorOf(event: PlatformEvent): LastError | undefined {
  switch (event.kind) {
    case 'pull-failed':
      return event.localCopy ? undefined : pullError(event.image, event.refusal);
    case 'timed-out':
      return {
        name: 'ContainerTimeout',
        details: `Container did not start within expected time limit of ${Math.floor(event.milliseconds / 1000)}s.`,
      };
    case 'exited-during-start':
      return { name: 'ContainerStartupFailure', details: finished(event.exit) }; // The name: what users show of it.
    case 'exited':
      return { name: 'ContainerExited', details: finished(event.exit) }; // Ours.
    default:
      return undefined;
  }
}

/** A killed process ends with 128 and the number of its signal; only its name is known here. */
export const finished = ({ code, signal }: ContainerExit) =>
  `Container has finished running with exit code: ${code ?? signal}.`;

/** Only the words for a refusal are known: 401 and 403 alike. What is said of other faults is ours. */
export function pullError(image: string, { fault, message }: PullError): LastError {
  const failed = `Failed to pull image: ${image}.`;
  return fault === 'unauthorized' || fault === 'denied'
    ? {
        name: 'ImagePullUnauthorizedFailure',
        details: `${failed} Image pull failed with forbidden or unauthorized. Check registry credentials.`,
      }
    : { name: 'ImagePullFailure', details: `${failed} ${message}` };
}
