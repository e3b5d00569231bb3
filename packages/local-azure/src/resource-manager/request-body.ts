import type { IncomingMessage } from 'node:http';
import { readBody } from '../read-body.ts';
import { AzureError, badRequest } from './azure-error.ts';

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits */
const maxBodyBytes = 4 * 1024 * 1024;

/** Reads and parses a JSON body; undefined when there is none. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
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
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${(error as Error).message}'.`,
    );
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const body = await readBody(request, maxBodyBytes);
  if (!body) {
    throw new AzureError(
      413,
      'RequestContentTooLarge',
      `The request content size exceeds the maximum size of '${maxBodyBytes}' bytes.`,
      { connection: 'close' },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest('InvalidRequestContent', 'The request content was invalid: it is not UTF-8.');
  }
}
