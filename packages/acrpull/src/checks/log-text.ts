import type { LogText } from './cause.ts';

/**
 * What the platform's log says of pulls that fail, of either generation of Linux workers. A text is no proof of one
 * cause: most have several, so causes name their texts and not the other way round.
 *
 * Sources: azureossd.github.io "Troubleshooting common Docker pull errors", MicrosoftDocs/SupportArticles-docs
 * pull-image-to-web-app-fail.md, Azure/webapps-deploy issue 455, MicrosoftDocs/azure-docs issue 64660
 */

// The newer worker's, which has one word for 401 and 403.
export const imagePullUnauthorized = 'ImagePullUnauthorizedFailure';
export const forbiddenOrUnauthorized =
  'Failed to pull image: <image>. Image pull failed with forbidden or unauthorized. Check registry credentials.';
export const imagePullFailure =
  'Container pull image failed with reason: ImagePullFailure. Revert by terminate.';
export const pullInterrupted = 'Container pull image interrupted. Revert by terminate.';

// The older worker's, which quotes Docker.
export const authenticationRequired = 'unauthorized: authentication required';
export const tokenValidationFailed = 'token validation failed';
export const noPermissionForManifest = 'unauthorized: The client does not have permission for manifest';
export const clientIdMustBeGuid = 'unauthorized: aad access token with sp failed client id must be guid';
export const invalidClientId = 'unauthorized: Invalid clientid or client secret.';
export const incorrectPassword = 'unauthorized: incorrect username or password';
export const manifestUnknown = 'manifest for <image> not found: manifest unknown';
export const pullAccessDenied =
  "pull access denied for <image>, repository does not exist or may require 'docker login'";
export const dockerHub = 'https://registry-1.docker.io/v2/';
export const invalidReference = 'invalid reference format';
export const noSuchHost = 'dial tcp: lookup <host>: no such host';
export const nameResolution = 'Temporary failure in name resolution';
export const dialTimeout = 'dial tcp <address>: i/o timeout';
export const clientTimeout = 'net/http: request canceled';
export const unavailable = 'received unexpected HTTP status: 503';
export const addressDenied = "denied: client with IP '<address>' is not allowed access.";
export const accessDenied = '{"message":"denied"}';

export const noMatchingManifest = 'no matching manifest for <platform> in the manifest list entries';
export const otherOperatingSystem = 'image operating system <os> cannot be used on this platform';
export const execFormat = 'exec format error';
export const unmappedId = 'cannot be mapped to a host ID';
export const diskFull = 'no space left on device';
export const tooManyRequests = 'toomanyrequests';
export const throttled = 'received unexpected HTTP status: 429';

// Of a pull through a virtual network, whatever the reason is. The spelling is the platform's.
export const overVnet = 'Image pull for <image> failed. UnexpectedFaliure';
export const overVnetFailed = 'Pulling docker image <image> over VNET failed.';

// After the pull.
export const noPings = "didn't respond to HTTP pings on port";
export const startLimit = 'did not start within expected time limit';
export const probeFailed = 'Site startup probe failed after <time> seconds.';
export const containerTimeout = 'ContainerTimeout';
export const volumeNotMounted = 'Container start up failed with reason: VolumeMountFailure';
export const storageFailure = 'BYOSFailure';
export const startupFailure = 'ContainerStartupFailure';
export const exitedDuringStart = 'has exited, failing site start';
export const finished = 'Container has finished running with exit code';

/** A failed pull that an old copy of the image hides. */
export const localCopy = 'Image pull failed. Defaulting to local copy if present.';

/** What a refusal of the identity leaves, whatever the reason is. */
export const refusals: readonly LogText[] = [
  authenticationRequired,
  imagePullUnauthorized,
  forbiddenOrUnauthorized,
];

/** What a refusal by the registry's network rules leaves; the newer worker has the words of {@link refusals} for it. */
export const networkRefusals: readonly LogText[] = [
  addressDenied,
  accessDenied,
  imagePullUnauthorized,
  forbiddenOrUnauthorized,
];

/** Whether a line of the log has the text. */
export function hasText(line: string, text: LogText): boolean {
  let from = 0;
  for (const part of text.split(/<[^>]*>/)) {
    const at = line.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
