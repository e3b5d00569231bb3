import type { Command } from 'commander';
import type { LogSource } from '../explain/explain-log.ts';
import { Failure } from '../failure.ts';
import { printJson, run } from './common.ts';

interface ExplainOptions {
  json?: boolean;
  allDetails?: boolean;
}

const examples = `
Examples:
  $ az webapp log tail -g blog -n hoge-app | acrpull explain
  $ acrpull explain 2026_01_01_lw0sdlwk_docker.log
  $ acrpull explain 'unauthorized: authentication required'

It asks nobody: all it knows is the log. Of several tries it explains the latest one of each site.
Exit codes: 0 the latest try went well, 1 it failed, 2 the log says nothing of a pull, or could not be read.`;

export function addExplain(program: Command, done: (exitCode: number) => void): void {
  program
    .command('explain')
    .argument('[log...]', 'files, or a line in quotes; standard input when left out')
    .description('name what may have caused what a log says, the likeliest first; offline')
    .addHelpText('after', examples)
    .option('--all-details', 'say of the less likely causes, too, what to look at')
    .option('--json', 'print the result as JSON')
    // Nothing is asked, so there is no target to reach.
    .action(async (log: string[], options: ExplainOptions) =>
      done(await run({ ...options, azure: true }, () => explain(log, options))),
    );
}

async function explain(log: string[], options: ExplainOptions): Promise<number> {
  const { explainLog } = await import('../explain/explain-log.ts');
  const { explainedJson, explainedText } = await import('../report/explained.ts');

  const sources = await sourcesOf(log);
  const sites = await explainLog(sources ?? [{ name: '', chunks: lineOf(log) }]);
  if (sites.length === 0) {
    const what = sources ? 'This log' : `There is no file "${log.join(' ')}", and as a line of a log it`;
    throw new Failure(`${what} says nothing of a pull or a start of a container.`, {
      next: 'az webapp log tail -g <group> -n <app>   (the log of the platform, not that of the app)',
    });
  }
  if (options.json) printJson(explainedJson(sites));
  else process.stdout.write(explainedText(sites, options.allDetails === true));
  if (sites.every(({ ended }) => ended.kind === 'ready')) return 0;
  return sites.every(({ ended }) => ended.kind === 'ready' || ended.kind === 'unfinished') ? 2 : 1;
}

/** Standard input or files; undefined when the arguments are a line. */
async function sourcesOf(log: string[]): Promise<LogSource[] | undefined> {
  const { isFile, openLog, unpacked } = await import('../explain/open-log.ts');
  if (log.length === 0 || (log.length === 1 && log[0] === '-')) {
    if (process.stdin.isTTY) process.stderr.write('Paste the log, then end it with Ctrl-D.\n');
    return [{ name: '-', chunks: unpacked(process.stdin.setEncoding('utf8')) }];
  }
  const areFiles = await Promise.all(log.map(isFile));
  if (!areFiles.includes(true)) return undefined;
  const missing = log[areFiles.indexOf(false)];
  if (missing !== undefined) throw new Failure(`There is no file "${missing}".`, { resource: missing });
  return log.map((path) => ({ name: path, chunks: openLog(path) }));
}

async function* lineOf(words: string[]): AsyncGenerator<string> {
  yield words.join(' ');
}
