import { type Command, Option } from 'commander';
import { Failure } from '../failure.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Format, formats, render } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import { shellWord } from '../shell-word.ts';
import { type AppOptions, appQuery, collect, run, seconds, withTargetOptions } from './common.ts';
import { doctorMany } from './doctor-many.ts';
import { putOut, writeWhole } from './write-file.ts';

export interface DoctorOptions extends Omit<AppOptions, 'subscription'> {
  /** Each that was given. */
  subscription?: string[];
  all?: boolean;
  allDetails?: boolean;
  fresh?: boolean;
  format?: Format;
  output?: string;
  swap?: string;
  targetSlot?: string;
  save?: string;
  from?: string;
  /** Seconds; true where none were given. */
  watch?: number | true;
}

const examples = `
Examples:
  $ acrpull doctor hoge-app                     on the local Azure
  $ acrpull doctor hoge-app -g blog --azure     on your own, where several apps have the name
  $ acrpull doctor hoge-app --swap staging      whether production, and staging, could pull after that swap
  $ acrpull doctor hoge-app --json | jq '.sites[] | {name, firstBroken}'
  $ acrpull doctor hoge-app --watch             while somebody mends it; ends once all links hold
  $ acrpull doctor hoge-app --format html -o hoge.html
  $ acrpull doctor hoge-app --save hoge.json    keep what was read: it holds no secret
  $ acrpull doctor --from hoge.json             judge it again, later or elsewhere, with the same result
  $ acrpull doctor -g blog --azure              every app of a group that runs a container
  $ acrpull doctor --all --azure --json | jq -r 'select(.ok | not) | .app.id'

Of many apps it prints a summary and the sites with a problem; --json prints a line for each app. Interrupted, the same
command goes on where it was, for an hour.`;

export function addDoctor(program: Command, done: (exitCode: number) => void): void {
  withTargetOptions(
    program
      .command('doctor')
      .argument(
        '[apps...]',
        'names of apps, or their resource ids; left out: all of -g, --subscription or --all',
      )
      .option('-g, --resource-group <name>', 'the resource group; that of a named app is found by itself')
      .option(
        '--subscription <id>',
        'the subscription, or several; AZURE_SUBSCRIPTION_ID, or the only visible one, when left out',
        collect,
      )
      .option('--all', 'every app of every subscription that you see')
      .option('--all-details', 'of many apps: show those too of which all links hold')
      .option('--fresh', 'of many apps: begin anew, and do not go on with an interrupted run'),
  )
    .description('show the pull path of every slot and its first broken link; changes nothing')
    .addHelpText('after', examples)
    .option(
      '--swap <slot>',
      'foretell a swap of this slot: which identity will pull which image, and whether it may',
    )
    .option('--target-slot <slot>', 'the slot that it is swapped with; production when left out')
    .addOption(
      new Option('--format <format>', 'text, or a form for a pipeline, a comment or a browser')
        .choices(formats)
        .conflicts('json'),
    )
    .option('-o, --output <file>', 'write the result to a file instead')
    .option('--save <file>', 'keep what was read of Azure, as JSON without any secret')
    .addOption(
      new Option('--watch [seconds]', 'look again every so often, 30 s when left out, until all links hold')
        .argParser(seconds)
        .conflicts(['save', 'from', 'output', 'format']),
    )
    .addOption(
      new Option('--from <file>', 'judge what was saved; asks nobody').conflicts([
        'save',
        'azure',
        'resourceGroup',
        'subscription',
        'all',
      ]),
    )
    .action(async (apps: string[], options: DoctorOptions) => {
      // What was saved is judged without any Azure.
      const azure = options.azure === true || options.from !== undefined;
      const json = options.json === true || options.format === 'json';
      const work = isAboutMany(apps, options) ? doctorMany : doctor;
      done(await run({ azure, json }, () => work(apps, options)));
    });
}

const isAboutMany = (apps: string[], { subscription = [], all, from }: DoctorOptions) =>
  from === undefined && (apps.length !== 1 || subscription.length > 1 || all === true);

async function doctor(apps: string[], options: DoctorOptions): Promise<number> {
  if (options.targetSlot && !options.swap) {
    throw new Failure('--target-slot is the other slot of a swap: --swap <slot> names the first.', {
      next: 'acrpull doctor --help',
    });
  }
  if (options.watch !== undefined) {
    const { watchApp } = await import('./doctor-watch.ts');
    const read = await reader(apps[0]!, options);
    return watchApp(async () => judge(await read(), options), options);
  }
  const snapshot = await (options.from === undefined
    ? (await reader(apps[0]!, options))()
    : readFile(options.from, apps));
  if (options.save !== undefined) await save(snapshot, options.save);
  const report = await judge(snapshot, options);
  await show(report, options);
  return report.ok ? 0 : 1;
}

/** Finds the app; what is returned reads it, each time anew. */
async function reader(app: string, options: DoctorOptions): Promise<() => Promise<Snapshot>> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { findApp } = await import('../pull-path/find-app.ts');
  const { gather } = await import('../pull-path/gather.ts');
  const azure = await connectAzure();
  const query = appQuery(app, { ...options, subscription: options.subscription?.[0] });
  const appId = await findApp(azure.resourceManager, query);
  return () => gather(azure, appId);
}

async function readFile(file: string, apps: string[]): Promise<Snapshot> {
  if (apps.length > 0) {
    throw new Failure('--from judges the app that was saved: name no other.', {
      next: `acrpull doctor --from ${shellWord(file)}`,
    });
  }
  const { readSnapshot } = await import('../pull-path/saved-snapshot.ts');
  return readSnapshot(file);
}

/** For its owner alone: it names everything that the app's pull depends on. */
async function save(snapshot: Snapshot, file: string): Promise<void> {
  const { formatSnapshot } = await import('../pull-path/saved-snapshot.ts');
  await writeWhole(file, formatSnapshot(snapshot), { mode: 0o600 });
}

async function judge(snapshot: Snapshot, { swap, targetSlot }: DoctorOptions): Promise<Report> {
  const { requireContainerApp } = await import('../pull-path/require-container-app.ts');
  requireContainerApp(snapshot);
  if (swap !== undefined) {
    const { foretoldReport } = await import('../report/foretell.ts');
    return foretoldReport(snapshot, swap, targetSlot);
  }
  const { diagnose } = await import('../checks/diagnose.ts');
  const { reportOf } = await import('../report/report.ts');
  return reportOf(snapshot, diagnose(snapshot));
}

async function show(report: Report, { json, format, output }: DoctorOptions): Promise<void> {
  await putOut(await render([report], format ?? (json ? 'json' : 'text')), output);
}
