import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../failure.ts';
import { bold, cyan, dim, duration, green } from '../report/style.ts';
import { startLocalAzure } from './embedded-azure.ts';
import { names } from './names.ts';

/**
 * Tells the whole story on a local Azure of its own, in a folder that is gone afterwards. Each command is run as a
 * user would run it, as a process of its own over the real wire; nothing that is printed is made up here.
 */
export async function tellStory(options: { propagation: number }): Promise<number> {
  const startedOn = Date.now();
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const dataDir = await mkdtemp(join(tmpdir(), 'acrpull-demo-'));
  try {
    const azure = await startLocalAzure(dataDir, options.propagation);
    try {
      return await chapters({ ...azure, signal: interrupt.signal }, startedOn);
    } finally {
      await azure.stop();
    }
  } catch (error) {
    if (interrupt.signal.aborted) throw new Failure('Interrupted. The local Azure of the story is gone.');
    throw error;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function chapters(setting: Setting, startedOn: number): Promise<number> {
  const say = (text = '') => process.stdout.write(`${text}\n`);
  const acrpull = (...args: string[]) => {
    say(`\n${dim('$')} ${cyan(`acrpull ${args.join(' ')}`)}\n`);
    return node([fileURLToPath(new URL('../../bin/acrpull.js', import.meta.url)), ...args], setting);
  };
  const chapter = (number: number, title: string) => say(`\n${bold(`${number}. ${title}`)}`);

  chapter(1, 'A team hosts a container, and forgets what everybody forgets');
  expectExit('The set-up', await node([fileURLToPath(new URL('./set-up.js', import.meta.url))], setting), 0);

  chapter(2, 'What is wrong?');
  expectExit('doctor', await acrpull('doctor', names.app), 1);

  chapter(3, 'Repair it');
  say(dim('--yes answers the question, since this is a demo.'));
  expectExit('fix', await acrpull('fix', names.app, '--yes'), 0);

  chapter(4, 'Prove it: a new grant takes a while to count, so the first tries may be refused');
  expectExit('verify', await acrpull('verify', names.app), setting.hasEngine ? 0 : 1);
  if (!setting.hasEngine) {
    throw new Failure(
      'The story ends here: both images were pulled, and no container engine works on this machine.',
      {
        next: 'start Docker or Podman, or mend what verify names above, then run it again',
      },
    );
  }

  chapter(5, 'And now?');
  expectExit('doctor', await acrpull('doctor', names.app), 0);
  say(closing(Date.now() - startedOn));
  return 0;
}

interface Setting {
  env: NodeJS.ProcessEnv;
  hasEngine: boolean;
  /** Ends what runs. */
  signal: AbortSignal;
}

/** Runs a Node program with this terminal; resolves with its exit code. */
function node(args: string[], { env, signal }: Setting): Promise<number> {
  const child = spawn(process.execPath, args, { env, signal, killSignal: 'SIGINT', stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 2));
  });
}

function expectExit(what: string, actual: number, wanted: number) {
  if (actual === wanted) return;
  throw new Failure(`The story broke off: ${what} ended with exit code ${actual}, not ${wanted}.`, {
    next: 'please report it, with the output above',
  });
}

const closing = (elapsedMs: number) => `
${green(bold(`The end, after ${duration(elapsedMs)}.`))} Everything above really happened, on a local Azure that is gone now.

Keep one running and try it by hand:
  ${cyan('npx local-azure start')}                          in one terminal
  ${cyan('npx local-azure exec -- az group list')}          any client, in another
  ${cyan('npx acrpull doctor <app>')}                       asks the local Azure

The same commands on your own subscription:
  ${cyan('az login')}
  ${cyan('npx acrpull doctor <app> --azure')}
`;
