import { UserError } from '../user-error.ts';
import type { ReadyInstance } from './running.ts';

/** Asks a running instance at its proxy's own address. */
export async function askInstance(
  { pid, port }: Pick<ReadyInstance, 'pid' | 'port'>,
  path: string,
  request: RequestInit,
): Promise<Response> {
  try {
    return await fetch(`http://127.0.0.1:${port}${path}`, { ...request, signal: AbortSignal.timeout(5_000) });
  } catch {
    throw new UserError(
      `local-azure (process ${pid}) runs, and does not answer.`,
      'It may be stopping: try again in a second.',
    );
  }
}
