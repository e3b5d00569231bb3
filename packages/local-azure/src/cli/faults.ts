import { commonParameters, limits } from '../faults/fault-kind.ts';
import type { FaultState } from '../faults/faults.ts';
import { kinds } from '../faults/kinds/index.ts';
import type { Parameters } from '../faults/parameters.ts';
import { parseFault } from '../faults/parse-fault.ts';
import { UserError } from '../user-error.ts';
import { askInstance } from './ask-instance.ts';
import { clientEnv } from './client-env.ts';
import { style } from './style.ts';

interface FaultsOptions {
  dataDir: string;
  json?: boolean;
}

/** `local-azure faults list` */
export async function list(options: FaultsOptions): Promise<void> {
  show(await ask<FaultState[]>(options, 'GET'), options, 'No fault is set.');
}

/** `local-azure faults add` */
export async function add(faults: string[], options: FaultsOptions): Promise<void> {
  // One that is written wrongly keeps the others from being set.
  for (const fault of faults) parseFault(fault);
  const added: FaultState[] = [];
  for (const fault of faults) added.push(await ask<FaultState>(options, 'POST', '', { fault }));
  show(added, options, '');
}

/** `local-azure faults clear` */
export async function clear(ids: string[], options: FaultsOptions): Promise<void> {
  const paths = ids.length === 0 ? [''] : ids.map((id) => `/${encodeURIComponent(id)}`);
  const cleared: FaultState[] = [];
  for (const path of paths) cleared.push(...(await ask<FaultState[]>(options, 'DELETE', path)));
  if (options.json) console.log(JSON.stringify(cleared));
  else console.log(cleared.map(({ fault }) => `Cleared ${fault}`).join('\n') || 'No fault was set.');
}

/** `local-azure faults kinds` */
export function showKinds({ json }: { json?: boolean }): void {
  console.log(json ? JSON.stringify(describeKinds()) : kindsText());
}

/** Every kind with its settings, and the settings that all of them have. */
export function describeKinds() {
  const settingsOf = (parameters: Parameters) =>
    Object.entries(parameters).map(([name, { meaning, default: usual }]) => ({
      name,
      meaning,
      default: usual,
    }));
  return {
    kinds: kinds.map(({ name, does, standsFor, parameters, limits: names }) => ({
      name,
      does,
      standsFor,
      settings: settingsOf({
        ...parameters,
        ...Object.fromEntries(names.map((limit) => [limit, limits[limit]])),
      }),
    })),
    common: settingsOf(commonParameters),
  };
}

export function kindsText(): string {
  const { kinds, common } = describeKinds();
  const lines = (settings: typeof common) =>
    settings.map(
      ({ name, meaning, default: usual = '' }) => `    ${`${name}=${usual}`.padEnd(18)} ${meaning}`,
    );
  return [
    ...kinds.map(({ name, does, standsFor, settings }) => [
      style('bold', name),
      `  ${does}`,
      `  In Azure: ${standsFor}`,
      ...lines(settings),
    ]),
    [style('bold', 'Every fault has'), ...lines(common)],
  ]
    .map((part) => part.join('\n'))
    .join('\n\n');
}

async function ask<Answer>(
  { dataDir }: FaultsOptions,
  method: string,
  path = '',
  body?: unknown,
): Promise<Answer> {
  const { instance, credentials } = await clientEnv(dataDir);
  const answer = await askInstance(instance, `/faults${path}`, {
    method,
    headers: {
      authorization: `Bearer ${credentials.clientSecret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const read = (await answer.json()) as Answer & { error?: { message: string; hint: string } };
  if (read.error) throw new UserError(read.error.message, read.error.hint);
  return read;
}

function show(faults: FaultState[], { json }: FaultsOptions, none: string): void {
  if (json) {
    console.log(JSON.stringify(faults));
    return;
  }
  const rows = faults.map(({ id, state, struck, fault }) => [id, state, `${struck}`, fault]);
  const table = [['ID', 'STATE', 'STRUCK', 'FAULT'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const text = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  console.log(rows.length === 0 ? none : text.join('\n'));
}
