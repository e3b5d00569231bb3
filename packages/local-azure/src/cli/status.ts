import { findInstance } from '../instance.ts';
import { dataDir } from '../store/data-dir.ts';
import { commandLine } from './command-line.ts';
import { style } from './style.ts';

/** `local-azure status` */
export function status(options: { dataDir: string; json?: boolean }): void {
  const dir = dataDir(options.dataDir);
  const instance = findInstance(dir);
  const running = instance?.port !== undefined;
  if (!running) process.exitCode = 1;
  if (options.json) {
    console.log(JSON.stringify({ running, dataDir: dir.path, ...instance }));
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
  Other hosts   ${instance.allowOtherHosts ? 'let through' : 'refused'}`);
}
