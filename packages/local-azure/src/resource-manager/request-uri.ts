import { isGuid } from '../guid.ts';
import { AzureError, badRequest } from './azure-error.ts';

export interface RequestUri {
  /** Decoded, without the empty ones that doubled slashes make. */
  segments: string[];
  query: URLSearchParams;
}

/** Takes a request's target apart. */
export function parseRequestUri(target: string): RequestUri {
  const [path, query] = split(target, '?');
  const segments = path.split('/').filter(Boolean).map(decodeSegment);
  return { segments, query: new URLSearchParams(query) };
}

// A decoded slash would let the path that is authorized differ from the path that is routed.
function decodeSegment(segment: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    throw invalidUri(segment);
  }
  if (decoded === '.' || decoded === '..' || /[/\\\p{Cc}]/u.test(decoded)) throw invalidUri(segment);
  return decoded;
}

const invalidUri = (segment: string) =>
  badRequest('InvalidRequestUri', `The request URI is invalid: the path segment '${segment}' is malformed.`);

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Checks the subscription that the path names, if it names one. */
export function checkSubscription(segments: readonly string[], subscriptionId: string): void {
  if (segments[0]?.toLowerCase() !== 'subscriptions' || segments[1] === undefined) return;
  if (!isGuid(segments[1])) {
    throw badRequest(
      'InvalidSubscriptionId',
      `The provided subscription identifier '${segments[1]}' is malformed or invalid.`,
    );
  }
  if (segments[1].toLowerCase() !== subscriptionId.toLowerCase()) {
    throw new AzureError(
      404,
      'SubscriptionNotFound',
      `The subscription '${segments[1]}' could not be found.`,
    );
  }
}
