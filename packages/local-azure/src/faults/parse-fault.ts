import { z } from 'zod';
import { UsageError } from '../user-error.ts';
import { commonParameters, type FaultKind, type LimitName, limits } from './fault-kind.ts';
import { kinds } from './kinds/index.ts';
import type { Parameters, ValuesOf } from './parameters.ts';

/** A fault as it was asked for. */
export interface ParsedFault extends ValuesOf<typeof commonParameters> {
  text: string;
  kind: FaultKind;
  limits: Partial<Record<LimitName, string>>;
  values: Record<string, unknown>;
}

const howTo = 'All of them, with their parameters: local-azure faults kinds';

/**
 * Reads `registry-outage,registry=hoge,for=30s`: a kind, then its parameters, its limits and the common parameters in
 * any order. Throws {@link UsageError} that says what there is.
 */
export function parseFault(text: string): ParsedFault {
  const [kindName = '', ...settings] = text.split(',').map((part) => part.trim());
  const kind = kinds.find(({ name }) => name === kindName);
  if (!kind)
    throw new UsageError(
      `There is no fault '${kindName}'. There are: ${kinds.map(({ name }) => name).join(', ')}.`,
      howTo,
    );
  const kindLimits = Object.fromEntries(kind.limits.map((name) => [name, limits[name]]));
  const known: Parameters = { ...kind.parameters, ...kindLimits, ...commonParameters };
  const given = readSettings(kind, settings, known);
  const read = <Of extends Parameters>(parameters: Of): ValuesOf<Of> =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, { is, default: usual }]) => {
        const { success, data, error } = is.safeParse(given.get(name) ?? usual);
        if (success) return [name, data];
        throw new UsageError(`${kind.name}: ${name}: ${z.flattenError(error).formErrors[0]}.`, howTo);
      }),
    ) as ValuesOf<Of>;
  return {
    text: [kind.name, ...[...given].map(([name, value]) => `${name}=${value}`)].join(','),
    kind,
    values: read(kind.parameters),
    limits: read(kindLimits) as ParsedFault['limits'],
    ...read(commonParameters),
  };
}

/** What is given for each name. */
function readSettings({ name: kind }: FaultKind, settings: string[], known: Parameters): Map<string, string> {
  const given = new Map<string, string>();
  for (const setting of settings) {
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/.exec(setting)!;
    if (!Object.hasOwn(known, name))
      throw new UsageError(
        `${kind} has no parameter '${name}'. It has: ${Object.keys(known).join(', ')}.`,
        howTo,
      );
    if (!value) throw new UsageError(`${kind}: ${name} has no value: write ${name}=… for it.`, howTo);
    if (given.has(name)) throw new UsageError(`${kind}: ${name} is given twice.`, howTo);
    given.set(name, value);
  }
  return given;
}
