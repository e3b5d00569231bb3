import type { Command } from 'commander';
import { type AppOptions, appQuery, printJson, run, withAppOptions } from './common.ts';

const examples = `
Examples:
  $ acrpull doctor hoge-app                     on the local Azure
  $ acrpull doctor hoge-app -g blog --azure     on your own, where several apps have the name
  $ acrpull doctor hoge-app --swap staging      whether production, and staging, could pull after that swap
  $ acrpull doctor hoge-app --json | jq '.sites[] | {name, firstBroken}'`;

export function addDoctor(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('doctor'))
    .description('show the pull path of every slot and its first broken link; changes nothing')
    .addHelpText('after', examples)
    .option(
      '--swap <slot>',
      'foretell a swap of this slot: which identity will pull which image, and whether it may',
    )
    .option('--target-slot <slot>', 'the slot that it is swapped with; production when left out')
    .action(async (app: string, options: DoctorOptions) =>
      done(await run(options, () => doctor(app, options))),
    );
}

interface DoctorOptions extends AppOptions {
  swap?: string;
  targetSlot?: string;
}

async function doctor(app: string, options: DoctorOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { examine } = await import('../report/examine.ts');
  const { textReport } = await import('../report/text.ts');
  const { foretoldReport } = await import('../report/foretell.ts');
  const { Failure } = await import('../failure.ts');
  if (options.targetSlot && !options.swap) {
    throw new Failure('--target-slot is the other slot of a swap: --swap <slot> names the first.', {
      next: 'acrpull doctor --help',
    });
  }
  const examined = await examine(await connectAzure(), appQuery(app, options));
  const report = options.swap
    ? foretoldReport(examined.snapshot, options.swap, options.targetSlot)
    : examined.report;
  if (options.json) printJson(report);
  else process.stdout.write(textReport(report));
  return report.ok ? 0 : 1;
}
