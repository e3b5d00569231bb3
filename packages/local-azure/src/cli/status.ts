import { findInstance, type Instance } from '../instance.ts';
import type { RegistryPort } from '../local-azure.ts';
import { dataDir } from '../store/data-dir.ts';
import { UserError } from '../user-error.ts';
import { commandLine } from './command-line.ts';
import { registryLines } from './registry-lines.ts';
import { style } from './style.ts';

/** `local-azure status` */
export async function status(options: { dataDir: string; json?: boolean }): Promise<void> {
  const dir = dataDir(options.dataDir);
  const instance = findInstance(dir);
  const running = instance?.port !== undefined;
  if (!running) process.exitCode = 1;
  const registries = running ? await readRegistries(instance) : [];
  if (options.json) {
    console.log(JSON.stringify({ running, dataDir: dir.path, ...instance, registries }));
    return;
  }
  if (!instance) {
    console.log(
      `local-azure is not running on the folder ${dir.path}.\nStart it: ${commandLine('start', dir.path)}`,
    );
    return;
  }
  if (!running) {
    console.log(`local-azure is starting (process ${instance.pid}).`);
    return;
  }
  console.log(`${style(['bold', 'green'], 'local-azure is running')}

  Proxy         http://127.0.0.1:${instance.port}
  Folder        ${dir.path}
  Process       ${instance.pid}, since ${new Date(instance.startedOn).toLocaleString()}
  Engine        ${instance.engine}
  Tenant        ${instance.tenantId}
  Subscription  ${instance.subscriptionId}
  Other hosts   ${instance.allowOtherHosts ? 'let through' : 'refused'}
  Docker        ${registryLines(registries).join(`\n${' '.repeat(16)}`) || 'no registry yet'}`);
}

/** Asked of the instance itself, since registries come and go. */
async function readRegistries({ pid, port }: Instance): Promise<RegistryPort[]> {
  const request = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(5_000) };
  const overview = await fetch(`http://127.0.0.1:${port}/`, request)
    .then((answer) => answer.json() as Promise<{ registries: RegistryPort[] }>)
    .catch(() => {
      throw new UserError(
        `local-azure (process ${pid}) runs, and does not answer.`,
        'It may be stopping: try again in a second.',
      );
    });
  return overview.registries;
}
