import { type Command, InvalidArgumentError } from 'commander';
import { Failure } from '../failure.ts';
import { bold, cyan, dim, harmlessText, red } from '../report/style.ts';
import { reachTarget } from './target.ts';

/** The options of every command that asks an Azure. */
export interface TargetOptions {
  json?: boolean;
  azure?: boolean;
}

export const withTargetOptions = (command: Command): Command =>
  command
    .option('--json', 'print the result as JSON')
    .option('--azure', 'use your own Azure and sign-in instead of the local Azure');

/** The options of every command that looks at one app. */
export interface AppOptions extends TargetOptions {
  resourceGroup?: string;
  subscription?: string | undefined;
}

export const withAppOptions = (command: Command): Command =>
  withTargetOptions(
    command
      .argument('<app>', 'the name of the app, or its resource id')
      .option('-g, --resource-group <name>', 'the resource group of the app; found by itself when left out')
      .option(
        '--subscription <id>',
        'the subscription; AZURE_SUBSCRIPTION_ID, or the only visible one, when left out',
      ),
  );

/** Reads an option that may be repeated. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Reads an option that is a number of seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Give a number of seconds.');
  return value;
}

/** The same, or 0 for no time at all. */
export const secondsOrNone = (text: string): number => (text === '0' ? 0 : seconds(text));

export const appQuery = (app: string, options: AppOptions) => ({
  app,
  resourceGroup: options.resourceGroup,
  subscriptionId: options.subscription ?? (process.env.AZURE_SUBSCRIPTION_ID || undefined),
});

/**
 * Runs a command against its target and turns what stops it into words and exit code 2. `work` resolves with the exit
 * code.
 */
export async function run(options: TargetOptions, work: () => Promise<number>): Promise<number> {
  try {
    return (await reachTarget(options.azure === true)) ?? (await work());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (options.json)
      printJson({ error: { message: error.message, resource: error.resource, next: error.next } });
    else printFailure(error);
    return 2;
  }
}

export const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

function printFailure({ message, resource, next }: Failure) {
  const lines = [`${red(bold('Could not run:'))} ${message}`];
  if (resource) lines.push(`  ${dim('resource')}  ${resource}`);
  if (next) lines.push(`  ${dim('next')}      ${cyan(next)}`);
  process.stderr.write(`${harmlessText(lines.join('\n'))}\n`);
}
