import type { SiteFacts } from '../pull-path/snapshot.ts';
import type { Azure } from './azure.ts';
import { ResourceManagerError } from './resource-manager.ts';
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
    throw new ResourceManagerError(
      response.status,
      'LogStream',
      `the log stream answered ${response.status}`,
      url,
    );
  }
  let rest = '';
  try {
    for await (const chunk of response.readableStreamBody) {
      const lines = (rest + String(chunk)).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    // Whoever stops listening ends the stream; anything else has broken it.
    if (!signal.aborted)
      throw new Unreachable(site.scmHostName, 'its log stream broke off', { cause: error });
  }
  if (rest !== '') yield rest;
}
