import type { Command } from 'commander';
import { type AppOptions, appQuery, printJson, run, withAppOptions } from './common.ts';

const examples = `
Examples:
  $ acrpull doctor hoge-app                     on the local Azure
  $ acrpull doctor hoge-app -g blog --azure     on your own, where several apps have the name
  $ acrpull doctor hoge-app --json | jq '.sites[] | {name, firstBroken}'`;

export function addDoctor(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('doctor'))
    .description('show the pull path of every slot and its first broken link; changes nothing')
    .addHelpText('after', examples)
    .action(async (app: string, options: AppOptions) => done(await run(options, () => doctor(app, options))));
}

async function doctor(app: string, options: AppOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { examine } = await import('../report/examine.ts');
  const { textReport } = await import('../report/text.ts');
  const { report } = await examine(await connectAzure(), appQuery(app, options));
  if (options.json) printJson(report);
  else process.stdout.write(textReport(report));
  return report.ok ? 0 : 1;
}
