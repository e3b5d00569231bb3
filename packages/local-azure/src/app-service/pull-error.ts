import { ExpectedError } from '../expected-error.ts';

/** Why an image could not be pulled. */
export type PullFault =
  | 'invalid-reference'
  | 'unauthorized'
  | 'denied'
  | 'not-found'
  | 'no-matching-platform'
  | 'unsupported-manifest'
  | 'host-unknown'
  | 'unreachable'
  | 'registry-fault'
  | 'truncated'
  | 'digest-mismatch'
  | 'disk-full';

/** `message` is worded as Docker's daemon words it: the platform quotes it in the log. */
export class PullError extends ExpectedError {
  readonly fault: PullFault;
  constructor(fault: PullFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** The name that the platform's log gives to the daemon's status for this fault. */
export function dockerStatus(fault: PullFault): 'BadRequest' | 'NotFound' | 'InternalServerError' {
  if (fault === 'invalid-reference') return 'BadRequest';
  return fault === 'not-found' || fault === 'no-matching-platform' ? 'NotFound' : 'InternalServerError';
}

/** A failure of the connection in the words of Go's net package, which the daemon passes on. */
export function connectionError(method: string, url: string, error: Error & { code?: string }): PullError {
  const { hostname, port } = new URL(url);
  const where = `${method} "${url}": `;
  const dial = `${where}dial tcp: lookup ${hostname}: `;
  switch (error.code) {
    case 'ENOTFOUND':
      return new PullError('host-unknown', `${dial}no such host`);
    case 'EAI_AGAIN':
      return new PullError('host-unknown', `${dial}Temporary failure in name resolution`);
    case 'ECONNREFUSED':
      return new PullError(
        'unreachable',
        `${where}dial tcp ${hostname}:${port || 443}: connect: connection refused`,
      );
    case 'ETIMEDOUT':
      return new PullError('unreachable', `${where}dial tcp ${hostname}:${port || 443}: i/o timeout`);
    case 'ECONNRESET':
      return new PullError(
        'unreachable',
        `${where}read tcp ${hostname}:${port || 443}: connection reset by peer`,
      );
    default:
      return new PullError('unreachable', `${where}${error.message}`);
  }
}

/** A failure to write a layer on this machine's disk. */
export function diskError(error: NodeJS.ErrnoException): PullError | undefined {
  return error.code === 'ENOSPC' || error.code === 'EDQUOT'
    ? new PullError('disk-full', `write ${error.path ?? 'layer'}: no space left on device`)
    : undefined;
}
