import { readFile } from 'node:fs/promises';

/** How to sign in as the first service principal, or as the first user; both own the one subscription. */
export interface Credentials {
  tenantId: string;
  subscriptionId: string;
  clientId: string;
  clientSecret: string;
  /** The principal's object id. */
  objectId: string;
  userPrincipalName: string;
  userPassword: string;
}

const names = [
  ...(['tenantId', 'subscriptionId', 'clientId', 'clientSecret', 'objectId'] as const),
  ...(['userPrincipalName', 'userPassword'] as const),
];

/** The credentials kept in `file`; undefined when there are none, or not all. */
export async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Credentials | null;
    return kept && names.every((name) => typeof kept[name] === 'string') ? kept : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
