import type { ResourceManager } from '../azure/resource-manager.ts';
import { Failure } from '../failure.ts';
import { what } from './apply-write.ts';
import type { Run } from './journal.ts';
import type { Plan, Step } from './plan.ts';
import { kindOf } from './writes/index.ts';
import type { Write } from './writes/write.ts';

/** The run with this id, or the newest `fix`, of this app or of any, that changed something and is not taken back. */
export function runToUndo(runs: Run[], name?: string): Run {
  const takenBack = new Set(runs.filter(({ complete }) => complete).map(({ undoes }) => undoes));
  const fixes = runs.filter(({ command, steps }) => command === 'fix' && steps.length > 0);
  const found =
    fixes.find(({ id }) => id === name) ??
    fixes.find(({ id, app }) => !takenBack.has(id) && [undefined, app.name].includes(name));
  if (!found) {
    const which = name === undefined ? '' : ` called ${name}, or of an app ${name},`;
    throw new Failure(`No run of fix${which} is left to take back on this machine.`, {
      next: 'acrpull undo --list',
    });
  }
  if (takenBack.has(found.id)) {
    throw new Failure(`The run ${found.id} is taken back already.`, { next: 'acrpull undo --list' });
  }
  return found;
}

export interface UndoPlan extends Plan {
  /** What was written and nothing can bring back. */
  lost: Write[];
}

/**
 * What takes a run back: the inverse of each of its writes that is still in Azure, the last one first. A step that the
 * journal does not know to be done may have been: Azure says. What somebody has changed since is no more this run's,
 * and keeps all of it from being taken back, since the rest may stand on it.
 */
export async function planUndo(arm: ResourceManager, run: Run): Promise<UndoPlan> {
  const steps = await Promise.all(
    run.steps.map(async ({ write }) => ({ write, state: await kindOf(write).read(arm, write) })),
  );
  const changed = steps.filter(({ state }) => state === 'other').map(({ write }) => write);
  if (changed.length > 0) {
    const list = changed.map((write) => `${what(write)} of ${kindOf(write).target(write)}`);
    throw new Failure(
      `Changed since, and not this run's to take back: ${list.join('; ')}. Nothing was changed.`,
      {
        resource: kindOf(changed[0]!).target(changed[0]!),
        next: 'acrpull doctor, then change by hand what is left',
      },
    );
  }
  const standing = steps.filter(({ state }) => state === 'after').map(({ write }) => write);
  const inverses = standing.reverse().flatMap((write): Step[] => {
    const inverse = kindOf(write).inverse(write);
    return inverse ? [{ remedy: 'undo', write: inverse, because: [] }] : [];
  });
  return {
    name: run.app.name,
    steps: inverses,
    lost: standing.filter((write) => kindOf(write).inverse(write) === undefined),
  };
}
