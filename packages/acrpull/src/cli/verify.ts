import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Diagnosis } from '../checks/diagnose.ts';
import { type AppOptions, appQuery, printJson, run, seconds, withAppOptions } from './common.ts';

interface VerifyCommandOptions extends AppOptions {
  slot?: string;
  via?: string;
  digest?: string;
  timeout: number;
  stopStart?: boolean;
  yes?: boolean;
}

const examples = `
Examples:
  $ acrpull verify hoge-app                     every slot, side by side
  $ acrpull verify hoge-app --slot staging      one slot, such as before a swap
  $ acrpull verify hoge-app --via staging       staging first, and production only if it could be proven there
  $ acrpull verify hoge-app --azure --yes       in a pipeline, on your own Azure

It restarts the site, again and again with growing pauses while a grant is young: Azure takes a while to honour one.
With --azure it shows what it restarts, and asks before production is among it.`;

export function addVerify(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('verify'))
    .description('restart every slot, wake it and follow its log until the pull is proven or refused')
    .addHelpText('after', examples)
    .option('--slot <name>', 'only this slot ("production" for the app itself)')
    .addOption(
      new Option('--via <slot>', 'this slot first, then production if the slot was proven').conflicts('slot'),
    )
    .option('--digest <digest>', 'the image that is expected: sha256:…', digest)
    .option('--timeout <seconds>', 'how long to wait for each site', seconds, 900)
    .option(
      '--stop-start',
      'stop and start instead of a restart: nothing old is left, nobody is served meanwhile',
    )
    .option('-y, --yes', 'restart production without asking (for pipelines)')
    .action(async (app: string, options: VerifyCommandOptions) =>
      done(await run(options, () => verify(app, options))),
    );
}

function digest(text: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(text))
    throw new InvalidArgumentError('A digest is sha256: and 64 hexadecimal digits.');
  return text;
}

async function verify(app: string, options: VerifyCommandOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { diagnosisIn, examine } = await import('./examine.ts');
  const { isProven } = await import('../verify/proof.ts');
  const { verifyAll } = await import('../verify/verify-all.ts');
  const { verifiedText, verifiedJson } = await import('../report/verified.ts');
  const { Failure } = await import('../failure.ts');
  const { production } = await import('../pull-path/slots.ts');

  const azure = await connectAzure();
  const { diagnoses } = await examine(azure, appQuery(app, options));
  const named = (slot: string) => diagnosisIn(slot, diagnoses);
  const via = options.via === undefined ? undefined : named(options.via);
  if (via && !via.view.site.slot) {
    throw new Failure('--via names the slot that goes before production.', {
      next: `acrpull verify ${app} --help`,
    });
  }
  const slot = via ? production : options.slot;
  const chosen = slot === undefined ? diagnoses : [named(slot)];
  // The local Azure has no visitors whom a restart could disturb.
  const restarted = via ? [via, ...chosen] : chosen;
  if (options.azure && !(await mayRestart(restarted, diagnoses, options))) return 1;

  const results = await verifyAll(azure, chosen, {
    timeoutMs: options.timeout * 1000,
    startsBy: startsBy(options),
    digest: options.digest,
    via,
    silent: options.json === true,
  });
  if (options.json) printJson(verifiedJson(results, azure.now()));
  else process.stdout.write(verifiedText(results, azure.now()));
  if (results.some(({ outcome }) => outcome.kind === 'could-not-run')) return 2;
  return results.every(isProven) ? 0 : 1;
}

const startsBy = ({ stopStart }: VerifyCommandOptions) => (stopStart ? 'stop-start' : 'restart');

/** Says what is restarted. Production has visitors, so its restart needs a yes; a slot's does not. */
async function mayRestart(
  chosen: Diagnosis[],
  all: Diagnosis[],
  options: VerifyCommandOptions,
): Promise<boolean> {
  const { restartText } = await import('../report/restart-text.ts');
  const { confirm } = await import('./confirm.ts');
  const slots = all.flatMap(({ view }) => view.site.slot ?? []);
  const plan = { startsBy: startsBy(options), via: options.via, slots } as const;
  if (!options.json) {
    const views = chosen.map(({ view }) => view);
    process.stdout.write(`${restartText(views, plan)}\n\n`);
  }
  if (options.yes || chosen.every(({ view }) => view.site.slot)) return true;
  const agreed = await confirm(
    'Restart production?',
    'run it again with --yes, or with --slot <name> for a slot',
  );
  if (!agreed) process.stderr.write('Nothing was restarted.\n');
  return agreed;
}
