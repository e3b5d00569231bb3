import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { LocalAzure } from '../src/local-azure.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Question {
  method?: string;
  token?: string;
  /** Another Authorization header than a bearer token. */
  authorization?: string;
  form?: Record<string, string>;
  body?: object;
  signal?: AbortSignal;
}

/** Asks one of Azure's hosts over the real wire. */
export function ask({ agent }: LocalAzure, url: string, question: Question = {}): Promise<Answer> {
  const { method, token, authorization = token && `Bearer ${token}`, form, body, signal } = question;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: method ?? (form ? 'POST' : 'GET'),
        headers: {
          ...(authorization && { authorization }),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(signal && { signal }),
      },
      (response) =>
        text(response).then(
          (body) => resolve({ status: response.statusCode!, headers: response.headers, body }),
          reject,
        ),
    );
    sent.on('error', reject);
    sent.end(form ? new URLSearchParams(form).toString() : JSON.stringify(body));
  });
}

/** Signs in as the owner; the answer of Entra ID. */
export function requestToken(azure: LocalAzure, signal?: AbortSignal): Promise<Answer> {
  const { tenantId, clientId, clientSecret } = azure.credentials;
  return ask(azure, `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
    form: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://management.azure.com/.default',
    },
    ...(signal && { signal }),
  });
}

export const signIn = async (azure: LocalAzure): Promise<string> =>
  JSON.parse((await requestToken(azure)).body).access_token;
