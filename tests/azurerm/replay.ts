import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createAgent } from '../../packages/local-azure/src/front/agent.ts';
import type { LocalAzureProcess } from '../local-azure.ts';
import type { Call, Json } from './provider.ts';

const resourceManager = 'https://management.azure.com';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Json;
}

export interface Replay {
  /** What the cloud says of itself, which the provider asks for when it is given a `metadata_host`. */
  metadata: Json;
  /** A token, as the provider asks for one with a client's secret. */
  token(scope: string): Promise<string>;
  /** A call of the provider, which fails on a status that its client does not take; the answer's body. */
  call(call: Call): Promise<Json>;
  close(): void;
}

/** Sends what the provider sends, by the same proxy and with the same rules of polling. */
export async function startReplay(azure: LocalAzureProcess): Promise<Replay> {
  const { port } = new URL(azure.env.HTTPS_PROXY!);
  const agent = createAgent(() => Number(port), await readFile(azure.env.SSL_CERT_FILE!, 'utf8'));

  async function send(
    method: string,
    url: string,
    token: string | undefined,
    body?: string | object,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type':
          typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
        accept: 'application/json; charset=utf-8; IEEE754Compatible=false',
        'odata-maxversion': '4.0',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      };
      const sent = request(url, { agent, method, headers }, (response) =>
        text(response).then((read) => {
          const isJson = response.headers['content-type']?.includes('application/json');
          const answer = { status: response.statusCode!, headers: response.headers };
          resolve({ ...answer, body: isJson ? JSON.parse(read) : undefined });
        }, reject),
      );
      sent.on('error', reject);
      sent.end(typeof body === 'object' ? JSON.stringify(body) : body);
    });
  }

  const metadata = await send(
    'GET',
    `${resourceManager}/metadata/endpoints?api-version=2022-09-01`,
    undefined,
  );
  const { loginEndpoint } = metadata.body.authentication;

  async function token(scope: string): Promise<string> {
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
    const form = new URLSearchParams({
      ...{
        grant_type: 'client_credentials',
        client_id: AZURE_CLIENT_ID!,
        client_secret: AZURE_CLIENT_SECRET!,
      },
      scope,
    });
    const url = `${loginEndpoint}/${AZURE_TENANT_ID}/oauth2/v2.0/token`;
    const { status, body } = await send('POST', url, undefined, String(form));
    expect(status).toBe(200);
    return body.access_token;
  }
  const bearer = await token('https://management.azure.com/.default');

  async function call({ method, path, apiVersion, body, takes, polls }: Call): Promise<Json> {
    const url = `${resourceManager}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
    const answer = await send(method, url, bearer, body as object | undefined);
    expect(takes, `${method} ${path}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
    if (polls) await poll(method, url, answer);
    return answer.body;
  }

  /**
   * Until the operation is done, without the provider's ten seconds in between. Source: the vendored go-azure-sdk,
   * sdk/client/resourcemanager/poller.go and the three pollers beside it.
   */
  async function poll(method: string, url: string, { headers }: Answer): Promise<void> {
    const operation = headers['azure-asyncoperation'] ?? headers.location;
    for (let tries = 0; tries < 200; tries++) {
      if (method === 'DELETE') {
        const { status } = await send('GET', url, bearer);
        if (status === 404) return;
        expect(status).toBe(200);
      } else {
        const { status, body, headers } = await send('GET', operation ? String(operation) : url, bearer);
        expect([200, 201, 202, 204]).toContain(status);
        // Go takes an answer for empty when its length says so, and not when it comes in chunks of none.
        if (operation && status === 200 && headers['content-length'] === '0') return;
        const state = body?.properties?.provisioningState ?? body?.status;
        expect(state ?? '').not.toMatch(/failed|cancell?ed/i);
        if (/^succeeded$/i.test(state ?? '') || (!operation && !state)) return;
      }
      await sleep(20);
    }
    throw new Error(`${method} ${url} does not come to an end`);
  }

  return { metadata: metadata.body, token, call, close: () => agent.destroy() };
}
