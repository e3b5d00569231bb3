// Lines of the platform's log, without their time stamps: the older worker's, but for `givenUp`.

export const digest = `sha256:${'b'.repeat(64)}`;
export const pulling = 'INFO  - Pulling image: hoge.azurecr.io/app:0.1.0';
export const exception = (code: string, message: string) =>
  `ERROR - DockerApiException: Docker API responded with status code=${code}, response={"message":"${message}"}`;
export const unauthorized = exception(
  'InternalServerError',
  String.raw`Head \"https://hoge.azurecr.io/v2/app/manifests/0.1.0\": unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.`,
);
export const unknownTag = exception(
  'NotFound',
  String.raw`manifest for hoge.azurecr.io/app:9 not found: manifest unknown: manifest tagged by \"9\" is not found`,
);
export const gaveUp =
  'ERROR - Image pull failed: Verify docker image configuration and credentials (if using private repository)';
export const pulled = 'INFO  - Pull Image successful, Time taken: 0 Minutes and 1 Seconds';
export const starting = 'INFO  - Starting container for site';
export const ready =
  'INFO  - Container a_0_1 for site a initialized successfully and is ready to serve requests.';
export const givenUp = 'Container pull image failed with reason: ImagePullFailure. Revert by terminate.';

/** With a time stamp of the older or the newer worker. */
export const at = (text: string) => `2026-01-01T10:00:00.123Z ${text}`;
export const newAt = (text: string) => `2026-04-22T05:34:05.1639344Z ${text}`;
