import { stripVTControlCharacters } from 'node:util';
import { type Command, Option } from 'commander';
import { Failure } from '../failure.ts';
import type { Snapshot } from '../pull-path/snapshot.ts';
import { type Format, formats, render } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import { type AppOptions, appQuery, run, seconds, withAppOptions } from './common.ts';
import { writeWhole } from './write-file.ts';

interface DoctorOptions extends AppOptions {
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
  $ acrpull doctor --from hoge.json             judge it again, later or elsewhere, with the same result`;

export function addDoctor(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('doctor'), '[app]')
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
      ]),
    )
    .action(async (app: string | undefined, options: DoctorOptions) => {
      // What was saved is judged without any Azure.
      const azure = options.azure === true || options.from !== undefined;
      const json = options.json === true || options.format === 'json';
      done(await run({ azure, json }, () => doctor(app, options)));
    });
}

async function doctor(app: string | undefined, options: DoctorOptions): Promise<number> {
  if (options.targetSlot && !options.swap) {
    throw new Failure('--target-slot is the other slot of a swap: --swap <slot> names the first.', {
      next: 'acrpull doctor --help',
    });
  }
  if (options.watch !== undefined) {
    const { watchApp } = await import('./doctor-watch.ts');
    const read = await reader(app, options);
    return watchApp(async () => judge(await read(), options), options);
  }
  const snapshot = await (options.from === undefined
    ? (await reader(app, options))()
    : readFile(options.from, app));
  if (options.save !== undefined) await save(snapshot, options.save);
  const report = await judge(snapshot, options);
  await show(report, options);
  return report.ok ? 0 : 1;
}

/** Finds the app; what is returned reads it, each time anew. */
async function reader(app: string | undefined, options: DoctorOptions): Promise<() => Promise<Snapshot>> {
  if (app === undefined) throw new Failure('Which app?', { next: 'acrpull doctor <app>, or --from <file>' });
  const { connectAzure } = await import('../azure/azure.ts');
  const { findApp } = await import('../pull-path/find-app.ts');
  const { gather } = await import('../pull-path/gather.ts');
  const azure = await connectAzure();
  const appId = await findApp(azure.resourceManager, appQuery(app, options));
  return () => gather(azure, appId);
}

async function readFile(file: string, app: string | undefined): Promise<Snapshot> {
  if (app !== undefined) {
    throw new Failure('--from judges the app that was saved: name no other.', {
      next: `acrpull doctor --from ${file}`,
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
  if (swap !== undefined) {
    const { foretoldReport } = await import('../report/foretell.ts');
    return foretoldReport(snapshot, swap, targetSlot);
  }
  const { diagnose } = await import('../checks/diagnose.ts');
  const { reportOf } = await import('../report/report.ts');
  return reportOf(snapshot, diagnose(snapshot));
}

async function show(report: Report, { json, format, output }: DoctorOptions): Promise<void> {
  const text = await render([report], format ?? (json ? 'json' : 'text'));
  if (output === undefined) process.stdout.write(text);
  else await writeWhole(output, stripVTControlCharacters(text));
}
