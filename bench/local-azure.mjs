import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createAgent } from '../packages/local-azure/dist/front/agent.js';

export const program = fileURLToPath(new URL('../packages/local-azure/bin/local-azure.js', import.meta.url));

/** Starts a local Azure as a process of its own, and speaks with it over the wire as its owner. */
export async function startLocalAzure(dataDir, ...options) {
  const args = [
    program,
    'start',
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--json',
    '--until-input-ends',
    ...options,
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port } = JSON.parse(line);
  const certificate = await readFile(join(dataDir, 'ca.pem'), 'utf8');
  const agent = createAgent(() => port, certificate);
  const { tenantId, clientId, clientSecret, subscriptionId } = JSON.parse(
    await readFile(join(dataDir, 'credentials.json'), 'utf8'),
  );

  /** One request to a host of Azure; a failure is an error that quotes the answer. */
  function request(method, url, { headers = {}, body = '' } = {}) {
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(url, {
        method,
        agent,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      });
      outgoing.on('error', reject).on('response', async (response) => {
        const content = await text(response);
        if (response.statusCode < 300) resolve({ headers: response.headers, content });
        else reject(new Error(`${method} ${url} answered ${response.statusCode}: ${content}`));
      });
      outgoing.end(body);
    });
  }

  async function form(url, fields) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { content } = await request('POST', url, { headers, body: new URLSearchParams(fields).toString() });
    return JSON.parse(content);
  }

  const { access_token: token } = await form(
    `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://management.azure.com/.default',
    },
  );

  return {
    pid: child.pid,
    port,
    certificate,
    agent,
    subscription: `/subscriptions/${subscriptionId}`,
    request,
    form,
    token,
    async resource(method, path, apiVersion, body) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const url = `https://management.azure.com${path}?api-version=${apiVersion}`;
      const { content } = await request(method, url, { headers, body: body && JSON.stringify(body) });
      return content && JSON.parse(content);
    },
    async stop() {
      agent.destroy();
      child.stdin.end();
      await exited;
    },
  };
}
