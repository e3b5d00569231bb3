import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';
import { Failure } from '../failure.ts';
import type { Http } from './http.ts';

export const endpoint = 'https://management.azure.com';
export const resourceManagerScope = `${endpoint}/.default`;

/** One pinned version per provider, so that what is read does not change shape under the checks. */
export const apiVersions = {
  subscriptions: '2022-12-01',
  resources: '2021-04-01',
  web: '2023-12-01',
  // Source: learn.microsoft.com/azure/app-service/configure-sidecar, whose template names it.
  siteContainers: '2024-04-01',
  // The one that az names as known to have it.
  siteStatus: '2024-11-01',
  // The first stable one with roleAssignmentMode: an older one shows an ABAC registry as if it honoured AcrPull.
  // Source: Azure/azure-rest-api-specs, Microsoft.ContainerRegistry stable/2025-11-01 beside 2025-04-01
  containerRegistry: '2025-11-01',
  authorization: '2022-04-01',
  permissions: '2022-04-01',
  locks: '2016-09-01',
  managedIdentity: '2023-01-31',
  resourceGraph: '2022-10-01',
} as const;

/** Resource Manager's own refusal. `action` is what the caller was not allowed to do, where it says so. */
export class ResourceManagerError extends Failure {
  readonly status: number;
  readonly code: string;
  readonly action: string | undefined;
  constructor(status: number, code: string, message: string, resource: string, action?: string) {
    super(message, { resource, ...nextStep(status, code) });
    this.status = status;
    this.code = code;
    this.action = action ?? /perform action '([^']+)'/.exec(message)?.[1];
  }
}

function nextStep(status: number, code: string): { next?: string } {
  if (status === 401) return { next: 'az login   (the token was refused; sign in again)' };
  if (code === 'SubscriptionNotFound' || code === 'InvalidSubscriptionId') {
    return { next: 'az account list -o table   (then give --subscription <id>)' };
  }
  if (status === 404) return { next: 'az webapp list -o table   (then check the name and the group)' };
  if (status === 429) return { next: 'wait as long as Azure asks, then run the command again' };
  if (status >= 500)
    return { next: 'run the command again in a minute; Azure tells of outages at https://status.azure.com' };
  // Source: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
  if (code === 'RequestDisallowedByPolicy') {
    return { next: 'ask the owner of the policy named above for an exemption' };
  }
  if (status === 403) return { next: 'ask an owner of the resource for the action named above' };
  return {};
}

export interface ResourceManager {
  get<T>(path: string, apiVersion: string): Promise<T>;
  /** All pages of a list. */
  list<T>(path: string, apiVersion: string): Promise<T[]>;
  send<T>(method: HttpMethods, path: string, apiVersion: string, body?: unknown): Promise<T>;
  /** An answer that is no JSON, such as a log; empty when there is none. */
  text(method: HttpMethods, path: string, apiVersion: string): Promise<string>;
}

/** Paths begin with `/subscriptions/…` and may have a query of their own. */
export function createResourceManager(http: Http): ResourceManager {
  const call = async <T>(method: HttpMethods, url: string, body?: unknown): Promise<T> => {
    const response = await http(method, url, {
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return read<T>(response, new URL(url).pathname);
  };
  const withVersion = (path: string, apiVersion: string) =>
    `${endpoint}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;

  return {
    get: (path, apiVersion) => call('GET', withVersion(path, apiVersion)),
    send: (method, path, apiVersion, body) => call(method, withVersion(path, apiVersion), body),
    text: async (method, path, apiVersion) => {
      const response = await http(method, withVersion(path, apiVersion));
      return readText(response, path);
    },
    list: async <T>(path: string, apiVersion: string) => {
      const items: T[] = [];
      let url: string | undefined = withVersion(path, apiVersion);
      while (url) {
        const page: { value: T[]; nextLink?: string | null } = await call('GET', url);
        items.push(...page.value);
        url = page.nextLink || undefined;
      }
      return items;
    },
  };
}

function readText(response: PipelineResponse, resource: string): string {
  const text = response.bodyAsText ?? '';
  if (response.status >= 400) throw errorFrom(response.status, text, resource);
  return text;
}

function read<T>(response: PipelineResponse, resource: string): T {
  const text = readText(response, resource);
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ResourceManagerError(
      response.status,
      'InvalidResponse',
      'Azure answered with something that is not JSON.',
      resource,
    );
  }
}

/** App Service sometimes writes `Code` and `Message` at the top; everybody else `error.code` and `error.message`. */
function errorFrom(status: number, text: string, resource: string): ResourceManagerError {
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) ?? {};
  } catch {
    // Not JSON: a gateway's page. The status says what there is to say.
  }
  const inner = (body.error ?? {}) as Record<string, unknown>;
  const code = String(inner.code ?? body.Code ?? status);
  const message = String(inner.message ?? body.Message ?? `Azure answered ${status}.`);
  return new ResourceManagerError(status, code, message, resource);
}
