import { spawn } from 'node:child_process';
import type { LocalAzureProcess } from '../local-azure.ts';

/** Follows `az webapp log tail` until a line matches, while `meanwhile` makes something happen. */
export async function logTail(
  azure: LocalAzureProcess,
  program: string,
  site: string[],
  until: RegExp,
  meanwhile: () => Promise<unknown>,
): Promise<string> {
  const child = spawn(program, ['webapp', 'log', 'tail', ...site], {
    env: azure.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let text = '';
  const seen = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${until} within 60 s in:\n${text}`)), 60_000);
    let restarted = false;
    const read = (chunk: Buffer) => {
      text += chunk;
      if (!restarted && text.includes('Live Log Stream')) {
        restarted = true;
        text = '';
        meanwhile().catch(reject);
      }
      if (restarted && until.test(text)) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(() => reject(new Error(`az webapp log tail ended:\n${text}`)));
  });
  try {
    await seen;
    return text;
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}
