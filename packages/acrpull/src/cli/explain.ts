import type { Command } from 'commander';
import type { LogReader } from '../explain/log-story.ts';
import { Failure } from '../failure.ts';
import { printJson, run } from './common.ts';

interface ExplainOptions {
  json?: boolean;
  all?: boolean;
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
    .option('--all', 'say of the less likely causes, too, what to look at')
    .option('--json', 'print the result as JSON')
    // Nothing is asked, so there is no target to reach.
    .action(async (log: string[], options: ExplainOptions) =>
      done(await run({ ...options, azure: true }, () => explain(log, options))),
    );
}

async function explain(log: string[], options: ExplainOptions): Promise<number> {
  const { createLogReader } = await import('../explain/log-story.ts');
  const { explain: explainStory, isKnownText } = await import('../explain/explain-log.ts');
  const { explainedJson, explainedText } = await import('../report/explained.ts');

  const reader = createLogReader(isKnownText);
  const isLine = await readLog(reader, log);
  const sites = reader.stories().map(explainStory);
  if (sites.length === 0) {
    const what = isLine ? `There is no file "${log.join(' ')}", and as a line of a log it` : 'This log';
    throw new Failure(`${what} says nothing of a pull or a start of a container.`, {
      next: 'az webapp log tail -g <group> -n <app>   (the log of the platform, not that of the app)',
    });
  }
  if (options.json) printJson(explainedJson(sites));
  else process.stdout.write(explainedText(sites, options.all === true));
  if (sites.every(({ ended }) => ended.kind === 'ready')) return 0;
  return sites.every(({ ended }) => ended.kind === 'ready' || ended.kind === 'unfinished') ? 2 : 1;
}

/** From standard input, or files, one after the other; or a line that is no file, of which it resolves with true. */
async function readLog(reader: LogReader, log: string[]): Promise<boolean> {
  const { splitLines } = await import('../explain/split-lines.ts');
  const { isFile, openLog, unpacked } = await import('../explain/open-log.ts');
  const read = async (chunks: AsyncIterable<string>, source?: string) => {
    for await (const line of splitLines(chunks)) reader.take(line, source);
  };
  if (log.length === 0 || (log.length === 1 && log[0] === '-')) {
    if (process.stdin.isTTY) process.stderr.write('Paste the log, then end it with Ctrl-D.\n');
    await read(unpacked(process.stdin.setEncoding('utf8')));
    return false;
  }
  const areFiles = await Promise.all(log.map(isFile));
  if (!areFiles.includes(true)) {
    reader.take({ number: 1, text: log.join(' ') });
    return true;
  }
  for (const [index, path] of log.entries()) {
    if (!areFiles[index]) throw new Failure(`There is no file "${path}".`, { resource: path });
    await read(openLog(path), path);
  }
  return false;
}
