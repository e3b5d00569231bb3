import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AzureError } from './azure-error.ts';
import type { ArmRequest, ArmResponse, Route } from './route.ts';

/** Work that goes on after its request was answered with 202, and can be asked for by a poll. */
export interface Operations {
  /**
   * Starts the work, which gets the operation's id, and answers with the address to poll. The parameters of that
   * address are the request's, and those given besides.
   */
  start(request: ArmRequest, work: (id: string) => Promise<void>, more?: Record<string, string>): ArmResponse;
  newId(): string;
  /** Runs work under an id that was promised before; polls of whoever started it find its outcome. */
  run(id: string, startedBy: string, work: () => Promise<void>): void;
  /** Answers with the address to poll for an operation. */
  poll(request: ArmRequest, id: string, more?: Record<string, string>): ArmResponse;
  route: Route;
}

export interface OperationsOptions {
  clock: Clock;
  /** Where operations are polled: a path that ends with `{operationId}`. */
  path: string;
  /** What their ids begin with. */
  idPrefix?: string;
}

interface Operation {
  startedBy: string;
  state: 'running' | 'succeeded' | { failed: unknown };
  endedOn?: number;
}

/** How long the outcome of an operation can be asked for. */
const keptMs = 60 * 60 * 1000;

/** Operations of this process's life. Work that must be done whatever happens is for its owner to resume. */
export function createOperations({ clock, path, idPrefix = '' }: OperationsOptions): Operations {
  const operations = new Map<string, Operation>();

  const accepted = (address: string, apiVersion: string): ArmResponse => ({
    status: 202,
    headers: {
      location: `https://management.azure.com${address}?api-version=${apiVersion}`,
      'retry-after': '1',
    },
  });

  function forgetOld(): void {
    for (const [id, { endedOn }] of operations) {
      if (endedOn !== undefined && clock.now() - endedOn > keptMs) operations.delete(id);
    }
  }

  const self: Operations = {
    newId: () => `${idPrefix}${randomUUID()}`,
    run(id, startedBy, work) {
      forgetOld();
      const operation: Operation = { startedBy, state: 'running' };
      operations.set(id, operation);
      const end = (state: Operation['state']) => Object.assign(operation, { state, endedOn: clock.now() });
      work().then(
        () => end('succeeded'),
        (failed: unknown) => end({ failed }),
      );
    },
    poll: ({ params, apiVersion }, id, more = {}) =>
      accepted(fill(path, { ...params, ...more, operationId: id }), apiVersion),
    start(request, work, more) {
      const id = self.newId();
      self.run(id, request.caller.oid, () => work(id));
      return self.poll(request, id, more);
    },
    route: {
      method: 'GET',
      path,
      action: null,
      handle: ({ params, path: address, caller, apiVersion }) => {
        const id = params.operationId!;
        const operation = operations.get(id);
        if (operation?.startedBy !== caller.oid) throw operationNotFound(id);
        if (operation.state === 'running') return accepted(address, apiVersion);
        if (operation.state === 'succeeded') return { status: 200 };
        throw operation.state.failed;
      },
    },
  };
  return self;
}

const fill = (path: string, params: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => params[name]!);

const operationNotFound = (id: string) =>
  new AzureError(404, 'OperationNotFound', `The operation '${id}' could not be found.`);
