import { findInstance } from '../instance.ts';
import type { RegistryPort } from '../local-azure.ts';
import { dataDir } from '../store/data-dir.ts';
import { askInstance } from './ask-instance.ts';
import { commandLine } from './command-line.ts';
import { registryLines } from './registry-lines.ts';
import { style } from './style.ts';

/** `local-azure status` */
export async function status(options: { dataDir: string; json?: boolean }): Promise<void> {
  const dir = dataDir(options.dataDir);
  const instance = findInstance(dir);
  const running = instance?.port !== undefined;
  if (!running) process.exitCode = 1;
  const { registries, faults } = running
    ? await readOverview(instance.pid, instance.port!)
    : { registries: [], faults: [] };
  if (options.json) {
    console.log(JSON.stringify({ running, dataDir: dir.path, ...instance, registries, faults }));
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
  Docker        ${column(registryLines(registries)) || 'no registry yet'}
  Faults        ${column(faults) || 'none'}`);
}

const column = (lines: string[]) => lines.join(`\n${' '.repeat(16)}`);

interface Overview {
  registries: RegistryPort[];
  faults: string[];
}

/** Asked of the instance itself, since both come and go. */
async function readOverview(pid: number, port: number): Promise<Overview> {
  const answer = await askInstance({ pid, port }, '/', { headers: { accept: 'application/json' } });
  return (await answer.json()) as Overview;
}
