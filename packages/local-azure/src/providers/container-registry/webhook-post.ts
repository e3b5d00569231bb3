import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../clock.ts';
import type { EventContent } from './webhook-content.ts';
import type { EventResponseMessage, WebhookEvent } from './webhook-events.ts';
import type { WebhookProperties } from './webhook-model.ts';

/** How a webhook's receiver is reached. */
export interface PostOptions {
  clock: Clock;
  /** The agent for a URL, `false` for none. Throws why a host cannot be reached. */
  agentFor(url: URL): Agent | false;
  /** Gives up. */
  signal: AbortSignal;
}

/** Azure waits no longer. Source: MicrosoftDocs/azure-docs issue 54638 */
const timeoutMs = 5000;
/** What is kept of an answer. */
const maxAnswerLength = 16 * 1024;

/**
 * Posts an event once; Azure does not repeat it either (Azure/acr issue 681), and follows no redirect here. Resolves
 * to what is known of it afterwards, also when it fails; rejects when it was given up.
 */
export async function postEvent(
  { serviceUri, customHeaders }: Pick<WebhookProperties, 'serviceUri' | 'customHeaders'>,
  content: EventContent,
  options: PostOptions,
): Promise<WebhookEvent> {
  const url = new URL(serviceUri);
  const body = JSON.stringify(content);
  const headers = headersFor(url, customHeaders, body);
  url.username = '';
  url.password = '';
  return {
    id: content.id,
    eventRequestMessage: {
      content,
      headers: withoutCredentials(headers),
      method: 'POST',
      requestUri: url.href,
      version: '1.1',
    },
    eventResponseMessage: await answerTo(url, headers, body, options),
  };
}

/** No others, except what HTTP itself needs. A user and password in the URI become Basic credentials. */
function headersFor(url: URL, customHeaders: Record<string, string>, body: string): Record<string, string> {
  const given = Object.keys(customHeaders).map((name) => name.toLowerCase());
  const userInfo = [url.username, url.password].map(decodeURIComponent).join(':');
  const basic = { Authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` };
  return {
    ...customHeaders,
    ...(url.username && !given.includes('authorization') ? basic : {}),
    ...(given.includes('content-type') ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
    'Content-Length': String(Buffer.byteLength(body)),
  };
}

/** As Azure lists them. Source: azure-rest-api-specs containerregistry examples, WebhookListEvents.json */
const withoutCredentials = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.toLowerCase() === 'authorization' ? '******' : value,
    ]),
  );

async function answerTo(
  url: URL,
  headers: Record<string, string>,
  body: string,
  { clock, agentFor, signal }: PostOptions,
): Promise<EventResponseMessage> {
  const [late, ended] = [new AbortController(), new AbortController()];
  clock.sleep(timeoutMs, ended.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    const agent = agentFor(url);
    return await send(url, { agent, headers, signal: AbortSignal.any([late.signal, signal]) }, body);
  } catch (error) {
    signal.throwIfAborted();
    // Source: azure-cli tests, recording test_acr_create_webhook.yaml
    if (late.signal.aborted) return failure(504, 'GatewayTimeout', 'Operation timed out.');
    const { message, code } = error as NodeJS.ErrnoException;
    return failure(502, 'BadGateway', message || String(code));
  } finally {
    ended.abort();
  }
}

const failure = (statusCode: number, reasonPhrase: string, content: string): EventResponseMessage => ({
  content,
  reasonPhrase,
  statusCode: String(statusCode),
});

interface SendOptions {
  agent: Agent | false;
  headers: Record<string, string>;
  signal: AbortSignal;
}

async function send(url: URL, options: SendOptions, body: string): Promise<EventResponseMessage> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    start(url, { method: 'POST', ...options })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  const { headers, statusCode, statusMessage, httpVersion } = response;
  return {
    content: await readStart(response),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    reasonPhrase: statusMessage ?? '',
    statusCode: String(statusCode),
    version: httpVersion,
  };
}

/** The beginning of a body, which may be long or without an end. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxAnswerLength) break;
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerLength).toString();
}
