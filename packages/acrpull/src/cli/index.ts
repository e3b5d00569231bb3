import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addFix } from './fix.ts';
import { addUndo } from './undo.ts';
import { addVerify } from './verify.ts';

const intro =
  'Finds out why an App Service site cannot pull its image from Azure Container Registry with a managed identity, ' +
  'repairs it with least privilege, and proves it by a real pull.';

const outro = `
Try it without Azure:
  $ acrpull demo                      the whole story on a local Azure

Then, in this order:
  $ acrpull doctor hoge-app           which link of the chain is broken, in production and every slot
  $ acrpull fix hoge-app              shows a plan, asks, repairs
  $ acrpull undo                      takes the last repair back
  $ acrpull verify hoge-app           restarts, pulls, starts: the proof

When all that you have is a log:
  $ acrpull explain docker.log        what may have caused what it says

Commands talk to the local Azure unless --azure is given; then they use your own sign-in (az login).
Exit codes: 0 fine, 1 problems found, 2 could not run.`;

/** Runs the command line; resolves with the exit code. Each command loads its own code when it runs. */
export async function runCli(args: string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('acrpull')
    .description(intro)
    .version(version)
    .addHelpText('after', outro)
    .showHelpAfterError('(acrpull --help shows what there is)')
    .exitOverride();
  const done = (code: number) => {
    exitCode = code;
  };
  for (const add of [addDoctor, addFix, addUndo, addVerify, addExplain, addDemo]) add(program, done);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // Not foreseen: the stack is what a report of it needs.
    process.stderr.write(
      `acrpull has failed, which is its own fault. Please report this:\n${(error as Error).stack}\n`,
    );
    return 2;
  }
}
