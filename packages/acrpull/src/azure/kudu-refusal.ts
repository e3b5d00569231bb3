import { ResourceManagerError } from './resource-manager.ts';

/** The scm host said something else than was asked for: such as 401 or 403, where it is closed to the caller. */
export const kuduRefusal = (status: number, what: string, url: string): ResourceManagerError =>
  new ResourceManagerError(status, 'Kudu', `${new URL(url).host} answered ${status} to the ${what}`, url);
