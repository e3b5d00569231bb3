import type { Claims } from '../../entra/entra.ts';
import type { Operations } from '../../resource-manager/operations.ts';
import type { ArmRequest, ArmResponse } from '../../resource-manager/route.ts';
import type { ResourceBody, ResourceRecord, Resources } from '../../store/resources.ts';
import { groupType } from './resource-group.ts';

/** What a group that is being deleted carries, so that the next start can go on with it. */
interface Deletion {
  operationId: string;
  caller: Claims;
}

interface GroupBody extends ResourceBody {
  properties: { provisioningState: string; deletion?: Deletion } & Record<string, unknown>;
}

export interface GroupDeletion {
  /** Marks the group, and answers where the end of its deletion is asked for. A second request joins the first. */
  start(group: ResourceRecord, request: ArmRequest): ArmResponse;
  /** Goes on with what a killed process left. */
  resume(): void;
}

export interface GroupDeletionOptions {
  resources: Resources;
  operations: Operations;
  /** Deletes what the group holds, each by its own provider. */
  deleteContents(groupId: string, caller: Claims): Promise<void>;
}

export function createGroupDeletion({
  resources,
  operations,
  deleteContents,
}: GroupDeletionOptions): GroupDeletion {
  const mark = (id: string, { deletion: _, ...properties }: GroupBody['properties'], deletion?: Deletion) => {
    const { body } = resources.get(id)!;
    const provisioningState = deletion ? 'Deleting' : 'Succeeded';
    resources.put(id, groupType, {
      ...body,
      properties: { ...properties, provisioningState, ...(deletion ? { deletion } : {}) },
    });
  };

  function run({ id, body }: ResourceRecord<GroupBody>, { operationId, caller }: Deletion): void {
    operations.run(operationId, caller.oid, async () => {
      try {
        await deleteContents(id, caller);
        resources.delete(id);
      } catch (error) {
        mark(id, body.properties);
        throw error;
      }
    });
  }

  return {
    start(group, request) {
      const found = group as ResourceRecord<GroupBody>;
      const running = found.body.properties.deletion;
      if (running?.caller.oid === request.caller.oid) return operations.poll(request, running.operationId);
      const deletion = { operationId: operations.newId(), caller: request.caller };
      if (!running) mark(group.id, found.body.properties, deletion);
      run(found, deletion);
      return operations.poll(request, deletion.operationId);
    },
    resume() {
      for (const group of resources.all<GroupBody>(groupType)) {
        const { deletion } = group.body.properties;
        if (deletion) run(group, deletion);
      }
    },
  };
}
