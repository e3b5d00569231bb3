import type { SiteFacts } from '../pull-path/snapshot.ts';
import type { Azure } from './azure.ts';
import { kuduRefusal } from './kudu-refusal.ts';
import { Unreachable } from './unreachable.ts';

/**
 * The lines of a site's log stream, as Kudu sends them: the tail of what is there, a marker, then what comes.
 * Ends when the stream does; reading on is for the caller to decide.
 */
export async function* readLogStream(
  azure: Pick<Azure, 'authenticated'>,
  site: Pick<SiteFacts, 'scmHostName'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const url = `https://${site.scmHostName}/api/logstream`;
  const response = await azure.authenticated('GET', url, { stream: true, timeoutMs: 0, signal });
  if (response.status !== 200 || !response.readableStreamBody) {
    throw kuduRefusal(response.status, 'log stream', url);
  }
  const decoder = new TextDecoder();
  // What the stream ends with has no line break: the rest of that line never came, and half a line would mislead.
  let rest = '';
  try {
    for await (const chunk of response.readableStreamBody) {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    // Whoever stops listening ends the stream; anything else has broken it.
    if (!signal.aborted)
      throw new Unreachable(site.scmHostName, 'its log stream broke off', { cause: error });
  }
}
