import { randomUUID } from 'node:crypto';
import { AzureError } from './azure-error.ts';
import type { ArmRequest, ArmResponse, Route } from './route.ts';

/** Work that goes on after its request was answered with 202, and can be asked for by a poll. */
export interface Operations {
  /**
   * Starts the work, which gets the operation's id, and answers with the address to poll. The parameters of that
   * address are the request's, and those given besides.
   */
  start(request: ArmRequest, work: (id: string) => Promise<void>, more?: Record<string, string>): ArmResponse;
  route: Route;
}

export interface OperationsOptions {
  /** Where operations are polled: a path that ends with `{operationId}`. */
  path: string;
  /** What their ids begin with. */
  idPrefix?: string;
}

interface Operation {
  startedBy: string;
  state: 'running' | 'succeeded' | { failed: unknown };
}

/** Operations of this process's life: one that a crash ended is unknown afterwards, and its request can be repeated. */
export function createOperations({ path, idPrefix = '' }: OperationsOptions): Operations {
  const operations = new Map<string, Operation>();
  const poll = (address: string, apiVersion: string): ArmResponse => ({
    status: 202,
    headers: {
      location: `https://management.azure.com${address}?api-version=${apiVersion}`,
      'retry-after': '1',
    },
  });

  return {
    start({ caller, params, apiVersion }, work, more = {}) {
      const id = `${idPrefix}${randomUUID()}`;
      const operation: Operation = { startedBy: caller.oid, state: 'running' };
      operations.set(id, operation);
      work(id).then(
        () => {
          operation.state = 'succeeded';
        },
        (failed: unknown) => {
          operation.state = { failed };
        },
      );
      return poll(fill(path, { ...params, ...more, operationId: id }), apiVersion);
    },
    route: {
      method: 'GET',
      path,
      action: null,
      handle: ({ params, path: address, caller, apiVersion }) => {
        const id = params.operationId!;
        const operation = operations.get(id);
        if (operation?.startedBy !== caller.oid) {
          throw operationNotFound(id);
        }
        if (operation.state === 'running') return poll(address, apiVersion);
        if (operation.state === 'succeeded') return { status: 200 };
        throw operation.state.failed;
      },
    },
  };
}

const fill = (path: string, params: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => params[name]!);

const operationNotFound = (id: string) =>
  new AzureError(404, 'OperationNotFound', `The operation '${id}' could not be found.`);
