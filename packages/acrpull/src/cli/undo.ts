import type { Command } from 'commander';
import { printJson, run, type TargetOptions, withTargetOptions } from './common.ts';

interface UndoOptions extends TargetOptions {
  list?: boolean;
  yes?: boolean;
  dryRun?: boolean;
}

const examples = `
Examples:
  $ acrpull undo --list                         the runs of fix on this machine
  $ acrpull undo                                takes the last one back: the plan, a question, the writes
  $ acrpull undo 20260101T120000000Z-hoge-app-fix --yes

It goes through the run's journal from its end. What somebody has changed since is not touched: then it refuses.`;

export function addUndo(program: Command, done: (exitCode: number) => void): void {
  withTargetOptions(
    program
      .command('undo')
      .argument('[run|app]', 'a run of fix, or an app: its last one; the last of all, when left out')
      .option('--list', 'list the runs and stop'),
  )
    .description('take back what a run of fix has written')
    .addHelpText('after', examples)
    .option('-y, --yes', 'take it back without asking (for pipelines)')
    .option('--dry-run', 'show the plan and stop')
    .action(async (id: string | undefined, options: UndoOptions) =>
      done(await run(options, () => undo(id, options))),
    );
}

async function undo(id: string | undefined, options: UndoOptions): Promise<number> {
  const { openJournal, readRuns } = await import('../remedies/journal.ts');
  const { planUndo, runToUndo } = await import('../remedies/undo.ts');
  const { runsText, undoText } = await import('../report/undo-text.ts');
  const { currentTarget } = await import('./target.ts');

  const target = currentTarget();
  const runs = readRuns(target);
  const say = (text: string) => options.json || process.stdout.write(`${text}\n`);
  if (options.list) {
    if (options.json) printJson({ schema: 'acrpull.runs/1', runs });
    else say(runsText(runs));
    return 0;
  }
  const found = runToUndo(runs, id);

  const { connectAzure } = await import('../azure/azure.ts');
  const { judgeWrites } = await import('../remedies/read-rights.ts');
  const { requireRights } = await import('../remedies/rights.ts');
  const { confirm } = await import('./confirm.ts');
  const azure = await connectAzure();
  const plan = await planUndo(azure.resourceManager, found);
  const needs = await judgeWrites(
    azure,
    plan.steps.map(({ write }) => write),
  );
  const result = (applied: boolean) => ({ schema: 'acrpull.undo/1', run: found.id, ...plan, needs, applied });
  say(undoText(found, plan, needs));
  const isNothing = plan.steps.length === 0;
  const stop = (exitCode: number): number => {
    if (options.json) printJson(result(false));
    else if (!isNothing) say('\nNothing was changed.');
    return exitCode;
  };
  if (options.dryRun) return stop(isNothing ? 0 : 1);
  requireRights(needs);
  const otherwise = 'run it again with --yes to take it back, or with --dry-run to see the plan only';
  if (!isNothing && !options.yes && !(await confirm('\nTake it back?', otherwise))) return stop(1);

  const { applyPlans } = await import('../remedies/apply.ts');
  const journal = openJournal({ command: 'undo', undoes: found.id, target, app: found.app });
  try {
    await applyPlans(azure, [plan], { journal, silent: options.json === true });
    journal.complete();
  } finally {
    journal.close();
  }
  if (options.json) printJson(result(true));
  else say(`\nTaken back, and read back. Next: acrpull doctor ${found.app.name}`);
  return 0;
}
