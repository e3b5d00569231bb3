import type { IncomingMessage } from 'node:http';
import { readBody } from '../read-body.ts';
import { AzureError, badRequest } from './azure-error.ts';

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
const maxBodyBytes = 4 * 1024 * 1024;

/** Deeper than any request that means something; writing a value out again takes the stack of its depth. */
const maxDepth = 100;

/** Reads and parses a JSON body, which is always an object; undefined when there is none. */
export async function readJson(request: IncomingMessage): Promise<object | undefined> {
  const text = await readText(request);
  if (text.trim() === '') return undefined;
  const type = request.headers['content-type'];
  if (type && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new AzureError(
      415,
      'UnsupportedMediaType',
      `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
    );
  }
  const value = parse(text);
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidContent('It is not a JSON object.');
  if (isDeeper(value, maxDepth)) throw invalidContent(`The maximum depth of ${maxDepth} has been exceeded.`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidContent((error as Error).message);
  }
}

/** Level by level, since a recursion would have to be as deep. */
function isDeeper(value: object, depth: number): boolean {
  let level: object[] = [value];
  for (let i = 0; i < depth && level.length > 0; i++)
    level = level
      .flatMap((one) => Object.values(one))
      .filter((one) => typeof one === 'object' && one !== null);
  return level.length > 0;
}

const invalidContent = (why: string) =>
  badRequest(
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${why}'.`,
  );

async function readText(request: IncomingMessage): Promise<string> {
  const body = await readBody(request, maxBodyBytes);
  if (!body) {
    throw new AzureError(
      413,
      'RequestContentTooLarge',
      `The request content size exceeds the maximum size of '${maxBodyBytes}' bytes.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('InvalidRequestContent', 'The request content was invalid: it is not UTF-8.');
  }
}
