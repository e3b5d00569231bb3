import type { Command } from 'commander';
import { run, secondsOrNone } from './common.ts';

export function addDemo(program: Command, done: (exitCode: number) => void): void {
  program
    .command('demo')
    .description('tell the whole story on a local Azure of its own: broken, diagnosed, repaired, proven')
    .option('--propagation <seconds>', 'how long a grant takes to count', secondsOrNone, 8)
    .action(async (options: { propagation: number }) => {
      const { tellStory } = await import('../demo/story.ts');
      // The demo brings its own local Azure and never touches another.
      done(await run({ azure: true }, () => tellStory(options)));
    });
}
