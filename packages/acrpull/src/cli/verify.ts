import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { type AppOptions, appQuery, printJson, run, withAppOptions } from './common.ts';

interface VerifyCommandOptions extends AppOptions {
  slot?: string;
  timeout: number;
}

const examples = `
Examples:
  $ acrpull verify hoge-app                     every slot, side by side
  $ acrpull verify hoge-app --slot staging      one slot, such as before a swap

It restarts the site, again and again with growing pauses while a grant is young: Azure takes a while to honour one.`;

export function addVerify(program: Command, done: (exitCode: number) => void): void {
  withAppOptions(program.command('verify'))
    .description('restart every slot, wake it and follow its log until the pull is proven or refused')
    .addHelpText('after', examples)
    .option('--slot <name>', 'only this slot ("production" for the app itself)')
    .option('--timeout <seconds>', 'how long to wait for each site', seconds, 900)
    .action(async (app: string, options: VerifyCommandOptions) =>
      done(await run(options, () => verify(app, options))),
    );
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Give a number of seconds.');
  return value;
}

async function verify(app: string, options: VerifyCommandOptions): Promise<number> {
  const { connectAzure } = await import('../azure/azure.ts');
  const { examine } = await import('../report/examine.ts');
  const { isProven } = await import('../verify/proof.ts');
  const { verifyAll } = await import('../verify/verify-all.ts');
  const { verifiedText, verifiedJson } = await import('../report/verified.ts');
  const { Failure } = await import('../failure.ts');

  const azure = await connectAzure();
  const { diagnoses } = await examine(azure, appQuery(app, options));
  const wanted = options.slot?.toLowerCase();
  const chosen = diagnoses.filter(
    ({ view }) => !wanted || (view.site.slot ?? 'production').toLowerCase() === wanted,
  );
  if (chosen.length === 0) {
    const slots = diagnoses.map(({ view }) => view.site.slot ?? 'production').join(', ');
    throw new Failure(`${app} has no slot "${options.slot}"; it has: ${slots}`, {
      next: `acrpull doctor ${app}`,
    });
  }
  const results = await verifyAll(azure, chosen, {
    timeoutMs: options.timeout * 1000,
    silent: options.json === true,
  });
  if (options.json) printJson(verifiedJson(results));
  else process.stdout.write(verifiedText(results));
  return results.every(isProven) ? 0 : 1;
}
