import { Failure } from '../failure.ts';
import { type Format, render } from '../report/formats.ts';
import type { Report } from '../report/report.ts';
import type { AppsQuery } from '../survey/find-apps.ts';
import type { Survey } from '../survey/survey.ts';
import type { DoctorOptions } from './doctor.ts';
import { putOut } from './write-file.ts';

/** `doctor` for more than one app. */
export async function doctorMany(apps: string[], options: DoctorOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { signedIn } = await import('../azure/caller.ts');
  const { surveyProgress } = await import('../survey/survey-progress.ts');
  const { findApps } = await import('../survey/find-apps.ts');
  const { openCheckpoint, surveyFolder } = await import('../survey/checkpoint.ts');
  const { isComplete, isFine, survey } = await import('../survey/survey.ts');

  const query = appsQuery(apps, options);
  const format = options.format ?? (options.json ? 'json' : 'text');
  const progress = surveyProgress();
  const onInterrupt = () => {
    progress.breakOff();
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  try {
    const azure = await connectAzure(progress.held);
    const found = await findApps(azure.resourceManager, query);
    const checkpoint = await openCheckpoint({
      folder: surveyFolder(),
      about: [await signedIn(azure.credential), query],
      fresh: options.fresh === true,
      now: azure.now(),
    });
    progress.found(found.candidates, checkpoint);
    const isStreamed = format === 'json' && options.output === undefined;
    const result = await survey(azure, found, checkpoint, (report) => {
      progress.done();
      if (isStreamed && report) process.stdout.write(jsonLine(report));
    });
    progress.stop();
    if (isComplete(result)) checkpoint.finish();
    else process.stderr.write('Azure failed for some: the same command asks for those alone, for an hour.\n');
    if (!isStreamed) await putOut(await rendered(result, format, options), options.output);
    return isFine(result) ? 0 : 1;
  } catch (error) {
    progress.breakOff();
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function rendered(survey: Survey, format: Format, { allDetails }: DoctorOptions): Promise<string> {
  if (format === 'json') return survey.reports.map(jsonLine).join('');
  if (format !== 'text') return render(survey.reports, format);
  const { surveyText } = await import('../survey/survey-text.ts');
  return surveyText(survey, { allDetails: allDetails === true });
}

const jsonLine = (report: Report) => `${JSON.stringify(report)}\n`;

const ofOneApp = [
  ['swap', '--swap'],
  ['targetSlot', '--target-slot'],
  ['save', '--save'],
  ['watch', '--watch'],
] as const;

function appsQuery(apps: string[], options: DoctorOptions): AppsQuery {
  const { resourceGroup, subscription, all } = options;
  for (const [option, name] of ofOneApp) {
    if (options[option] === undefined) continue;
    throw new Failure(`${name} is about one app.`, { next: `acrpull doctor <app> ${name} …` });
  }
  if (apps.length === 0 && !resourceGroup && !subscription && !all) {
    throw new Failure('Which apps?', {
      next: 'name them, or give -g <group>, --subscription <id>, --all or --from <file>',
    });
  }
  const fromEnvironment = process.env.AZURE_SUBSCRIPTION_ID;
  return {
    apps,
    resourceGroup,
    subscriptionIds: subscription ?? (fromEnvironment && !all ? [fromEnvironment] : []),
    everySubscription: all === true,
  };
}
