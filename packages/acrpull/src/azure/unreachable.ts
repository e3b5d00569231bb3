import { Failure } from '../failure.ts';

/** The host could not be reached at all: no such name, nobody listening, a broken connection, no answer in time. */
export class Unreachable extends Failure {
  readonly noSuchHost: boolean;
  constructor(host: string, reason: string, details: { noSuchHost?: boolean; cause?: unknown } = {}) {
    super(details.noSuchHost ? `${host}: no such host` : `${host} cannot be reached: ${reason}`, {
      resource: host,
      next: 'check the name, the network and HTTPS_PROXY, then run the command again',
      cause: details.cause,
    });
    this.noSuchHost = details.noSuchHost === true;
  }
}
