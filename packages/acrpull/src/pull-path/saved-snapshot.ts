import { readFile, stat } from 'node:fs/promises';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Failure } from '../failure.ts';
import type { Snapshot } from './snapshot.ts';

/** An app with hundreds of slots and grants takes a few megabytes. */
const largest = 64 << 20;
const schemaFile = new URL('../../schema/snapshot-1.json', import.meta.url);

/**
 * Reads what {@link formatSnapshot} wrote, whoever kept it meanwhile. Throws a Failure that says what is wrong with it.
 */
export async function readSnapshot(file: string): Promise<Snapshot> {
  return parseSnapshot(await readText(file), file);
}

export const formatSnapshot = (snapshot: Snapshot): string => `${JSON.stringify(snapshot, null, 2)}\n`;

async function readText(file: string): Promise<string> {
  try {
    const about = await stat(file);
    if (!about.isFile()) throw new Failure('This is no file.', { resource: file, next });
    if (about.size > largest)
      throw new Failure('This is too large for a snapshot.', { resource: file, next });
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The snapshot cannot be read: ${(error as Error).message}`, { resource: file, next });
  }
}

/** `file` is for messages only. */
export async function parseSnapshot(text: string, file: string): Promise<Snapshot> {
  const refuse = (message: string, todo = next) => new Failure(message, { resource: file, next: todo });
  let parsed: { schema?: unknown } | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse('This is no JSON, or it is cut off.');
  }
  const version = /^acrpull\.snapshot\/(\d+)$/.exec(String(parsed?.schema))?.[1];
  if (version === undefined) throw refuse('This is no snapshot of acrpull.');
  if (version !== '1') {
    throw refuse(
      `This snapshot has the format ${version}, and this acrpull knows format 1 only.`,
      'use the acrpull that saved it, or a newer one',
    );
  }
  const problem = await schemaProblem(parsed);
  if (problem) throw refuse(`This snapshot is damaged: ${problem}.`);
  return withPlainMaps(parsed as Snapshot);
}

const next = 'save one with: acrpull doctor <app> --save <file>';

/** What of it is not as the published schema says, if anything. */
async function schemaProblem(parsed: unknown): Promise<string | undefined> {
  validating ??= compileSchema();
  const validate = await validating;
  if (validate(parsed)) return undefined;
  const { instancePath, message, params } = mostTelling(validate.errors!);
  const name = params.additionalProperty === undefined ? '' : `: ${params.additionalProperty}`;
  return `${instancePath || 'it'} ${message}${name}`;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

let validating: Promise<ValidateFunction> | undefined;

async function compileSchema(): Promise<ValidateFunction> {
  const { Ajv } = await import('ajv');
  // Date.parse alone takes much more, such as comments.
  const isDateTime = (text: string) => dateTime.test(text) && !Number.isNaN(Date.parse(text));
  const ajv = new Ajv({ formats: { 'date-time': isDateTime } });
  return ajv.compile(JSON.parse(await readFile(schemaFile, 'utf8')));
}

/**
 * Where one of several shapes is wanted, each says what it misses: the deepest that is no choice of shape tells most.
 */
function mostTelling(errors: ErrorObject[]): ErrorObject {
  const depth = ({ keyword, instancePath }: ErrorObject) =>
    ['anyOf', 'const'].includes(keyword) ? -1 : instancePath.split('/').length;
  return errors.reduce((best, error) => (depth(error) > depth(best) ? error : best));
}

/** Its maps without what every object inherits: a key such as `constructor` is then as absent as any other. */
function withPlainMaps(snapshot: Snapshot): Snapshot {
  const plain = <T>(map: Record<string, T>): Record<string, T> => Object.assign(Object.create(null), map);
  const { registries, manifests, webhooks, grants, userAssignedIdentities } = snapshot;
  return {
    ...snapshot,
    registries: plain(registries),
    manifests: plain(manifests),
    webhooks: plain(webhooks),
    grants: plain(grants),
    userAssignedIdentities: plain(userAssignedIdentities),
  };
}
