import type { LocalAzure, LocalAzureOptions, RegistryPort } from '../local-azure.ts';
import { UserError } from '../user-error.ts';
import { commandLine } from './command-line.ts';
import { registryLines } from './registry-lines.ts';
import { style } from './style.ts';

export interface StartOptions {
  dataDir: string;
  port: number;
  propagation: number;
  fault: string[];
  engine: NonNullable<LocalAzureOptions['engine']>;
  workerLog: NonNullable<LocalAzureOptions['workerLog']>;
  allowOtherHosts: boolean;
  rateLimits: boolean;
  detach: boolean;
  untilInputEnds: boolean;
  json?: boolean;
}

/** What a background instance tells the command that started it. */
export type Signal = { ready: ReadyReport } | { failed: { message: string; hint?: string } };

export interface ReadyReport {
  pid: number;
  port: number;
  dataDir: string;
  engine: string;
  propagation: number;
  registries: RegistryPort[];
  seconds: number;
}

/** `local-azure start` */
export async function start(options: StartOptions): Promise<void> {
  if (options.detach) {
    const { startDetached } = await import('./start-detached.ts');
    return show(await startDetached(options), options);
  }
  const began = performance.now() - process.uptime() * 1000;
  const stopping = stopSignal(options.untilInputEnds);
  const azure = await launch(options);
  const report: ReadyReport = {
    pid: process.pid,
    port: azure.port,
    dataDir: azure.dataDir,
    engine: azure.engine,
    propagation: options.propagation,
    registries: azure.registryPorts(),
    seconds: Math.round((performance.now() - began) / 10) / 100,
  };
  show(report, options);
  tellParent({ ready: report });

  await stopping;
  if (!options.json && process.stdout.isTTY) console.log('\nStopping …');
  await azure.close();
}

async function launch(options: StartOptions): Promise<LocalAzure> {
  const { startLocalAzure } = await import('../local-azure.ts');
  try {
    return await startLocalAzure({
      dataDir: options.dataDir,
      port: options.port,
      propagationMs: options.propagation * 1000,
      faults: options.fault,
      engine: options.engine,
      workerLog: options.workerLog,
      allowOtherHosts: options.allowOtherHosts,
      rateLimits: options.rateLimits,
    });
  } catch (error) {
    const { message } = error as Error;
    tellParent({ failed: error instanceof UserError ? { message, hint: error.hint } : { message } });
    throw error;
  }
}

function tellParent(signal: Signal): void {
  if (!process.connected) return;
  process.send?.(signal, () => process.disconnect());
}

/** Resolves at the first request to stop. A second signal ends the process at once. */
function stopSignal(untilInputEnds: boolean): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    if (untilInputEnds) process.stdin.once('end', resolve).once('error', resolve).resume();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
}

function show(report: ReadyReport, { json, detach, fault }: StartOptions): void {
  if (json) {
    console.log(JSON.stringify(report));
    return;
  }
  const { port, dataDir, engine, propagation, registries, pid, seconds } = report;
  const uses = [
    [commandLine('exec', dataDir, '-- az group list'), 'one command that takes this for Azure'],
    [`eval "$(${commandLine('env', dataDir)})"`, 'the same for a whole shell'],
    [`http://<site>.localhost:${port}`, 'a site, in the browser'],
  ] as const;
  const width = Math.max(...uses.map(([use]) => use.length));
  const stop = detach
    ? `Stop it with: ${commandLine('stop', dataDir)} ${style('dim', `(process ${pid})`)}`
    : 'Stop it with Ctrl-C.';
  console.log(`${style(['bold', 'green'], 'local-azure is ready')} ${style('dim', `after ${seconds} s`)}

  Proxy    http://127.0.0.1:${port}
  Folder   ${dataDir}
  Engine   ${engine}
  Grants   count ${propagation === 0 ? 'at once' : `${propagation} s after they are made`}${column('Faults', fault)}${column('Docker', docker(registries))}

${detach ? 'Now' : 'In another terminal'}:
${uses.map(([use, meaning]) => `  ${use.padEnd(width)}   ${style('dim', meaning)}`).join('\n')}

${stop}`);
}

const shownRegistries = 5;

/** Lines beside a title; nothing where there are none. */
const column = (title: string, lines: string[]): string =>
  lines.map((line, n) => `\n  ${(n === 0 ? title : '').padEnd(8)} ${line}`).join('');

/** The first few registries, each on a line of its own. */
function docker(registries: RegistryPort[]): string[] {
  const lines = registryLines(registries.slice(0, shownRegistries));
  const more = registries.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more: local-azure status`] : lines;
}
