import { what } from '../remedies/apply-write.ts';
import type { Run } from '../remedies/journal.ts';
import type { JudgedNeed } from '../remedies/rights.ts';
import type { UndoPlan } from '../remedies/undo.ts';
import { kindOf } from '../remedies/writes/index.ts';
import { planText } from './plan-text.ts';
import { bold, dim, red } from './style.ts';

/** The runs for a terminal, the newest first. */
export function runsText(runs: Run[]): string {
  if (runs.length === 0) return 'No run is recorded on this machine.';
  const takenBack = new Set(runs.filter(({ complete }) => complete).map(({ undoes }) => undoes));
  return runs
    .map((run) => {
      const notes = [
        ...(run.undoes ? [`takes back ${run.undoes}`] : []),
        ...(run.complete ? [] : ['stopped half way']),
        ...(takenBack.has(run.id) ? ['taken back'] : []),
      ];
      const steps = run.steps.map(({ write }) => what(write)).join(', ') || 'nothing was written';
      return `${bold(run.id)}  ${steps}${notes.length > 0 ? dim(`  (${notes.join('; ')})`) : ''}\n    ${dim(run.file)}`;
    })
    .join('\n');
}

/** What an undo would do, and before it what it cannot. */
export function undoText(run: Run, plan: UndoPlan, needs: JudgedNeed[]): string {
  const heading = `${bold(`Takes back ${run.id}`)}, of ${run.startedOn}`;
  const lost = plan.lost.map(
    (write) =>
      `${red('Cannot be brought back:')} ${what(write)} of ${kindOf(write).target(write)}, whose values nobody kept. ` +
      'Without them and with the flag off, the site has nothing to pull with.',
  );
  const body =
    plan.steps.length > 0
      ? planText([plan], needs)
      : 'Nothing of it is left in Azure: there is nothing to take back.';
  return [heading, ...lost, body].join('\n\n');
}
