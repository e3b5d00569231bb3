import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import type { LocalAzureProcess } from '../local-azure.ts';
import type { SdkAnswer, SdkCall, SdkClients } from './sdk-clients.ts';

/** The Azure SDKs in a process of their own, which the environment alone tells where Azure is. */
export interface Sdk {
  /**
   * Runs a function in there and answers with its value, or throws what it threw, with the SDK's `code` and
   * `statusCode`. It travels as text: it sees its parameters and nothing around it.
   */
  call<Value, Argument = undefined>(
    work: (clients: SdkClients, argument: Argument) => Promise<Value>,
    argument?: Argument,
  ): Promise<Value>;
  close(): Promise<void>;
}

export async function startSdk(azure: LocalAzureProcess, env: NodeJS.ProcessEnv = {}): Promise<Sdk> {
  const source = await readFile(new URL('./sdk-clients.ts', import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts' });
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...azure.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const waiting = new Map<number, (answer: SdkAnswer) => void>();
  let calls = 0;
  child.on('message', (answer: SdkAnswer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });

  return {
    async call<Value, Argument>(
      work: (clients: SdkClients, argument: Argument) => Promise<Value>,
      argument?: Argument,
    ) {
      const call: SdkCall = { id: calls++, code: String(work), argument };
      const answer = await new Promise<SdkAnswer>((resolve, reject) => {
        waiting.set(call.id, resolve);
        void exited.then(() => reject(new Error('the process of the SDKs has ended')));
        child.send(call);
      });
      if ('failed' in answer) throw Object.assign(new Error(answer.failed.message), answer.failed);
      return answer.value as Value;
    },
    async close() {
      child.kill();
      await exited;
    },
  };
}
