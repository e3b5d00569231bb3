import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import type { ServicePrincipal } from '../entra.ts';
import { malformedAssertion } from './client-errors.ts';

/** A signed statement by which an application shows who it is, read and not yet believed. Source: RFC 7523 */
export interface ClientAssertion {
  text: string;
  header: ProtectedHeaderParameters;
  claims: JWTPayload;
  audiences: string[];
}

/** Seconds that clocks may differ. MSAL for Node rounds the time from which an assertion holds, which may be up. */
export const clockSkew = 5 * 60;

export function readAssertion(text: string): ClientAssertion {
  try {
    const claims = decodeJwt(text);
    return { text, header: decodeProtectedHeader(text), claims, audiences: [claims.aud ?? []].flat() };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw malformedAssertion();
    throw error;
  }
}

/** Whether the application says itself who it is, or another issuer says so. */
export const isSelfIssued = ({ claims }: ClientAssertion, { appId }: ServicePrincipal): boolean =>
  claims.iss?.toLowerCase() === appId || claims.iss === claims.sub;
