import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readBody } from '../../read-body.ts';
import type { AttributeChanges } from '../changeable-attributes.ts';
import { attributesInvalid, notImplemented } from '../errors.ts';
import type { Repository } from '../names.ts';
import type { RegistryRequest } from '../request.ts';
import type { Route } from '../route.ts';

const bodyLimit = 64 * 1024;

const flag = z.boolean().optional();
const changes = z.strictObject({
  deleteEnabled: flag,
  writeEnabled: flag,
  readEnabled: flag,
  listEnabled: flag,
});
/** Only a registry with quarantine would obey them, and the control plane makes none. */
const quarantine = ['quarantineState', 'quarantineDetails'];

/** Reads the body of a PATCH: the attributes to change. */
export async function readChanges(request: IncomingMessage): Promise<AttributeChanges> {
  const body = await readBody(request, bodyLimit);
  if (!body) throw attributesInvalid(`the body is larger than ${bodyLimit} bytes`);
  const { data, error } = changes.safeParse(parseJson(body));
  if (data) return data;
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys' && issue.keys.some((key) => quarantine.includes(key))) {
    throw notImplemented('quarantine of images');
  }
  throw attributesInvalid(`attributes invalid: ${[...issue!.path, issue!.message].join(': ')}`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw attributesInvalid('the body is not valid JSON');
  }
}

/** How every answer about a repository, or something in it, begins. */
export const imageOf = ({ facts, route }: RegistryRequest<Extract<Route, { repository: Repository }>>) => ({
  registry: facts.loginServer,
  imageName: route.repository,
});

export const timesOf = ({ createdOn, changedOn }: { createdOn: number; changedOn: number }) => ({
  createdTime: new Date(createdOn).toISOString(),
  lastUpdateTime: new Date(changedOn).toISOString(),
});
