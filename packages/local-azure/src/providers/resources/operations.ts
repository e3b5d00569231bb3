import { randomUUID } from 'node:crypto';
import type { ArmRequest, ArmResponse, Route } from '../../resource-manager/route.ts';
import { operationNotFound } from './errors.ts';

/** Work that goes on after its request was answered with 202, and can be asked for by a poll. */
export interface Operations {
  /** Starts the work, and answers with the address to poll. */
  start(request: ArmRequest, work: () => Promise<void>): ArmResponse;
  route: Route;
}

interface Operation {
  startedBy: string;
  state: 'running' | 'succeeded' | { failed: unknown };
}

/** Operations of this process's life: one that a crash ended is unknown afterwards, and its request can be repeated. */
export function createOperations(subscriptionId: string): Operations {
  const operations = new Map<string, Operation>();
  const poll = (id: string, apiVersion: string): ArmResponse => ({
    status: 202,
    headers: {
      location: `https://management.azure.com/subscriptions/${subscriptionId}/operationresults/${id}?api-version=${apiVersion}`,
      'retry-after': '1',
    },
  });

  return {
    start({ caller, apiVersion }, work) {
      const id = randomUUID();
      const operation: Operation = { startedBy: caller.oid, state: 'running' };
      operations.set(id, operation);
      work().then(
        () => {
          operation.state = 'succeeded';
        },
        (failed: unknown) => {
          operation.state = { failed };
        },
      );
      return poll(id, apiVersion);
    },
    route: {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
      action: null,
      handle: ({ params, caller, apiVersion }) => {
        const id = params.operationId!;
        const operation = operations.get(id);
        if (operation?.startedBy !== caller.oid) {
          throw operationNotFound(id);
        }
        if (operation.state === 'running') return poll(id, apiVersion);
        if (operation.state === 'succeeded') return { status: 200 };
        throw operation.state.failed;
      },
    },
  };
}
