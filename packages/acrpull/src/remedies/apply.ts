import type { Azure } from '../azure/azure.ts';
import { Unreachable } from '../azure/unreachable.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { once } from '../pull-path/once.ts';
import { showProgress } from '../report/progress.ts';
import { applyWrite, what } from './apply-write.ts';
import { leftToWait } from './grant-wait.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan.ts';
import { writeKey } from './writes/index.ts';
import type { Write } from './writes/write.ts';

export interface ApplyOptions {
  journal: Journal;
  silent: boolean;
  clock?: Clock;
}

/**
 * Applies the plans: side by side, the steps of each in their order, and a step that several have in common once,
 * before each of them goes on. A site that can pull as it is waits for its grant before it comes to depend on it.
 * Ctrl-C and failures stop before the next step; each step is whole or not done, and the message says which were.
 */
export async function applyPlans(azure: Azure, plans: Plan[], options: ApplyOptions): Promise<void> {
  const { journal, silent, clock = systemClock } = options;
  const planned = plans.filter(({ steps }) => steps.length > 0);
  const progress = showProgress(
    planned.map(({ name }) => name),
    silent,
  );
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Failure('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const context = { arm: azure.resourceManager, journal, clock };
  const apply = once((write: Write) => applyWrite(context, write), writeKey);

  const applyPlan = async ({ name, steps, wait }: Plan): Promise<Applied> => {
    const applied: Applied = { name, done: [], open: steps.map(({ write }) => what(write)) };
    let grantedOn: number | undefined;
    try {
      for (const { write } of steps) {
        stop.signal.throwIfAborted();
        const left = wait && write.kind === 'site-config' ? leftToWait(wait, grantedOn, azure.now()) : 0;
        if (left > 0) {
          progress.wait(name, 'its grant to count, since it pulls without it until then');
          await clock.sleep(left, stop.signal);
        }
        progress.wait(name, `Azure to write ${what(write)}`);
        await apply(write);
        if (write.kind === 'role-assignment') grantedOn = azure.now();
        applied.done.push(...applied.open.splice(0, 1));
      }
    } catch (error) {
      applied.error = error;
      if (error instanceof Unreachable) applied.open[0] += ' (perhaps done: there was no answer)';
    }
    progress.finish(name, !applied.error, applied.done.join(', ') || 'nothing was done');
    return applied;
  };

  try {
    const results = await Promise.all(planned.map(applyPlan));
    if (results.some(({ error }) => error)) throw stoppedShort(results, journal);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

interface Applied {
  name: string;
  done: string[];
  open: string[];
  error?: unknown;
}

function stoppedShort(results: Applied[], { run, file }: Journal): unknown {
  const errors = results.flatMap(({ error }) => (error ? [error] : []));
  const bug = errors.find((error) => !(error instanceof Failure));
  if (bug) return bug;
  const list = (pick: 'done' | 'open') =>
    results.flatMap((it) => it[pick].map((step) => `${it.name}: ${step}`)).join(', ') || 'nothing';
  const [first] = errors as Failure[];
  return new Failure(
    `${first!.message}\n  done:      ${list('done')}\n  not done:  ${list('open')}\n  journal:   ${file}`,
    {
      ...(first!.resource && { resource: first!.resource }),
      next:
        first!.next ??
        `run acrpull ${run.command} again: it continues with what is left${run.command === 'fix' ? `; or acrpull undo ${run.id}` : ''}`,
    },
  );
}
