import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sameSecret } from '../secret.ts';

/**
 * Lets clients in this process come from an address of their own, as App Service's workers do, where all others come
 * from loopback. They name it in the CONNECT that opens a connection, with a secret that only this process knows.
 */
export interface SourceAddresses {
  /** The header of a CONNECT that makes its connection come from `address`. */
  claim(address: string): Record<string, string>;
  /** The address that a CONNECT claims; undefined when it claims none, or cannot know the secret. */
  claimed(headers: IncomingHttpHeaders): string | undefined;
}

const header = 'local-azure-source';

export function createSourceAddresses(): SourceAddresses {
  const secret = randomBytes(32).toString('base64url');
  return {
    claim: (address) => ({ [header]: `${secret} ${address}` }),
    claimed(headers) {
      const [shown = '', address] = String(headers[header] ?? '').split(' ');
      return sameSecret(shown, secret) ? address : undefined;
    },
  };
}
