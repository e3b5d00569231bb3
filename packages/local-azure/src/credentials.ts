import { readFile } from 'node:fs/promises';

/** How to sign in as the first service principal, which owns the one subscription. */
export interface Credentials {
  tenantId: string;
  subscriptionId: string;
  clientId: string;
  clientSecret: string;
  /** The principal's object id. */
  objectId: string;
}

/** The credentials kept in `file`; undefined when there are none. */
export async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
