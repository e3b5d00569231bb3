import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { accepts, freePort } from '../ports.mjs';
import { connect } from './load.mjs';

// Azurite's table service with one entity, over TLS: what else on a laptop answers for Azure with signed requests. It is
// installed from npm into the folder of the run; without npm's registry it is left out.

const version = '3.37.0';
// Azurite's well-known account: MicrosoftDocs/azure-docs storage-use-azurite.md
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const entity = "bench(PartitionKey='p',RowKey='r')";

export async function startAzurite(folder) {
  await mkdir(folder, { recursive: true });
  try {
    const args = ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, `azurite@${version}`];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    console.log('Azurite is left out: npm could not install it.\n');
    return undefined;
  }
  const [cert, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', [...request.split(' '), ...names, '-keyout', keyFile, '-out', cert], {
    stdio: 'ignore',
  });
  const port = await freePort();
  const bin = join(folder, 'node_modules', 'azurite', 'dist', 'src', 'table', 'main.js');
  if (!existsSync(bin)) throw new Error(`${bin} is missing.`);
  const options = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--location', folder];
  const child = spawn(
    process.execPath,
    [bin, ...options, '--tablePort', port, '--cert', cert, '--key', keyFile],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  await accepts(port, exited);
  const ca = await readFile(cert, 'utf8');

  const headers = (path, accept) => {
    const date = new Date().toUTCString();
    const signed = createHmac('sha256', Buffer.from(key, 'base64'))
      .update(`${date}\n/${account}/${account}/${path}`)
      .digest('base64');
    return {
      'x-ms-date': date,
      'x-ms-version': '2019-02-02',
      accept,
      authorization: `SharedKeyLite ${account}:${signed}`,
    };
  };
  const post = (path, body) =>
    new Promise((resolve, reject) => {
      const outgoing = httpsRequest(`https://localhost:${port}/${account}/${path}`, {
        method: 'POST',
        ca,
        headers: {
          ...headers(path, 'application/json;odata=nometadata'),
          'content-type': 'application/json',
        },
      });
      outgoing.on('error', reject).on('response', (response) => {
        response.resume();
        if (response.statusCode === 201) resolve();
        else reject(new Error(`Azurite answered ${response.statusCode}`));
      });
      outgoing.end(JSON.stringify(body));
    });
  await post('Tables', { TableName: 'bench' });
  // As large as a site.
  await post('bench', { PartitionKey: 'p', RowKey: 'r', value: 'x'.repeat(2000) });

  return {
    open: (count) =>
      Promise.all(Array.from({ length: count }, () => connect({ host: 'localhost', port, ca }))),
    request() {
      const lines = Object.entries(headers(entity, 'application/json;odata=nometadata'));
      const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      return `GET /${account}/${entity} HTTP/1.1\r\nHost: localhost\r\n${text}\r\n`;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
