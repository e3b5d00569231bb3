import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program, startLocalAzure } from '../local-azure.mjs';
import { accepts, freePort } from '../ports.mjs';
import { registryUser } from '../push-image.mjs';

// Both registries as one shape: the host, how curl and skopeo reach it, and how it is stopped.

const host = 'bench.azurecr.io';
const repository = 'bench';

/** The local Azure's registry: through the front door, under its real name, signed in. */
export async function startOurs(folder) {
  const dataDir = join(folder, 'local-azure');
  const azure = await startLocalAzure(dataDir, '--engine', 'none', '--propagation', '0');
  const group = `${azure.subscription}/resourceGroups/bench`;
  const location = 'japaneast';
  await azure.resource('PUT', group, '2021-04-01', { location });
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/bench`;
  await azure.resource('PUT', registry, '2025-04-01', { location, sku: { name: 'Premium' } });
  const user = await registryUser(azure, host);
  const settings = JSON.parse(
    execFileSync(process.execPath, [program, 'env', '--json', '--data-dir', dataDir]),
  );
  const { access_token: token } = await azure.form(`https://${host}/oauth2/token`, {
    grant_type: 'refresh_token',
    service: host,
    scope: `repository:${repository}:pull,push`,
    refresh_token: user.slice(user.indexOf(':') + 1),
  });
  return {
    name: 'local-azure',
    pid: azure.pid,
    agent: azure.agent,
    host,
    env: { ...process.env, ...settings },
    curl: { proxy: settings.HTTPS_PROXY, cacert: settings.SSL_CERT_FILE, 'oauth2-bearer': token },
    skopeo: ['--src-creds', user],
    stop: azure.stop,
  };
}

/** Debian's docker-registry, as its package configures it, but over TLS and open to anybody: it has no sign-in to do. */
export async function startTheirs(folder) {
  const root = join(folder, 'docker-registry');
  await mkdir(root);
  const [certificate, key] = [join(root, 'certificate.pem'), join(root, 'key.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost';
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', [...request.split(' '), ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const port = await freePort();
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(root, 'storage') },
      cache: { blobdescriptor: 'inmemory' },
    },
    http: { addr: `127.0.0.1:${port}`, tls: { certificate, key } },
  };
  await writeFile(join(root, 'config.yml'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(root, 'config.yml')], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await accepts(port, exited);
  return {
    name: 'docker-registry',
    host: `127.0.0.1:${port}`,
    env: { ...process.env, SSL_CERT_FILE: certificate },
    curl: { noproxy: '*', cacert: certificate },
    skopeo: [],
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
