import type { Azure } from '../azure/azure.ts';
import { callerIds } from '../azure/caller.ts';
import { apiVersions, type ResourceManager } from '../azure/resource-manager.ts';
import { readDenyAssignments, readPermissions } from '../pull-path/gather-grants.ts';
import { readFact } from '../pull-path/read-fact.ts';
import type { Fact } from '../pull-path/snapshot.ts';
import { type CallerRights, type JudgedNeed, judgeNeed, type Lock, type ScopeRights } from './rights.ts';
import { kindOf } from './writes/index.ts';
import type { Need, Write } from './writes/write.ts';

interface LockResource {
  id: string;
  properties: { level: Lock['level'] };
}

/** Whether the caller may make these writes: each right once, all read side by side. */
export async function judgeWrites(azure: Azure, writes: Write[]): Promise<JudgedNeed[]> {
  const needs = new Map<string, Need>();
  for (const need of writes.flatMap((write) => kindOf(write).needs(write))) {
    needs.set(`${need.action} ${need.scope}`.toLowerCase(), need);
  }
  const scopes = [...new Set([...needs.values()].map(({ scope }) => scope.toLowerCase()))];
  const [ids, ...read] = await Promise.all([
    callerIds(azure.credential),
    ...scopes.map(async (scope) => [scope, await readScope(azure.resourceManager, scope)] as const),
  ]);
  const rights: CallerRights = { ids, scopes: Object.fromEntries(read) };
  return [...needs.values()].map((need) => judgeNeed(need, rights));
}

async function readScope(arm: ResourceManager, scope: string): Promise<ScopeRights> {
  const [permissions, locks, denials] = await Promise.all([
    readPermissions(arm, scope),
    readLocks(arm, scope),
    readDenyAssignments(arm, scope),
  ]);
  return { permissions, locks, denials };
}

function readLocks(arm: ResourceManager, scope: string): Promise<Fact<Lock[]>> {
  const path = `${scope}/providers/Microsoft.Authorization/locks`;
  return readFact(path, async () => {
    const query = `${path}?$filter=${encodeURIComponent('atScope()')}`;
    const locks = await arm.list<LockResource>(query, apiVersions.locks);
    return locks.map(({ id, properties }) => ({ id, level: properties.level }));
  });
}
