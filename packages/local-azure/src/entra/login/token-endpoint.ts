import type { Clock } from '../../clock.ts';
import { isResource } from '../audiences.ts';
import type { Directory } from '../directory/directory.ts';
import type { ServicePrincipal, User } from '../entra.ts';
import { delegatedPermission, type Tokens } from '../tokens.ts';
import { checkCertificateAssertion } from './certificate-assertion.ts';
import { isSelfIssued, readAssertion } from './client-assertion.ts';
import { applicationDisabled, applicationNotFound, expiredSecret, invalidSecret } from './client-errors.ts';
import type { DeviceCodes } from './device-codes.ts';
import { resourceNotInTenant } from './entra-error.ts';
import { checkFederatedAssertion, type IssuerKeys } from './federated-assertion.ts';
import { requirePublicClient } from './public-clients.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { type DelegatedScope, parseDelegatedScope } from './scope.ts';
import type { ClientProof, TokenRequest } from './token-request.ts';
import { malformedGrant, userDisabled } from './user-errors.ts';

/** What a client gets, in the newer endpoint's words. */
export interface TokenResponse {
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
  ext_expires_in: number;
  access_token: string;
  scope?: string;
  refresh_token?: string;
  id_token?: string;
  /** Who signed in, for MSAL's cache. */
  client_info?: string;
}

export interface Issued {
  response: TokenResponse;
  resource: string;
  /** Milliseconds. */
  expiresOn: number;
}

export interface TokenEndpointParts {
  tenantId: string;
  directory: Directory;
  tokens: Tokens;
  deviceCodes: DeviceCodes;
  refreshTokens: RefreshTokens;
  issuerKeys: IssuerKeys;
  clock: Clock;
}

/** Gives tokens for what a well-formed request proves. */
export function createTokenEndpoint(parts: TokenEndpointParts) {
  const { tenantId, directory, tokens, deviceCodes, refreshTokens, clock } = parts;

  return async (request: TokenRequest): Promise<Issued> => {
    switch (request.grant) {
      case 'client credentials': {
        const principal = await authenticate(request.clientId, request.proof);
        requireResource(request.resource);
        const { token, expiresOn } = await tokens.signForApplication(principal, request.resource);
        return { response: bearer(token, expiresOn), resource: request.resource, expiresOn };
      }
      case 'refresh token': {
        requirePublicClient(request.clientId, parts);
        const user = await refreshTokens.redeem(request.refreshToken, request.clientId);
        return forUser(user, request.clientId, request.scope);
      }
      case 'device code': {
        requirePublicClient(request.clientId, parts);
        const { userId, scope } = deviceCodes.redeem(request.deviceCode, request.clientId);
        const user = directory.get(userId);
        if (user?.kind !== 'User') throw malformedGrant();
        if (!user.accountEnabled) throw userDisabled();
        return forUser(user, request.clientId, parseDelegatedScope(scope));
      }
    }
  };

  /** The service principal that the client is. Throws when it does not prove it. */
  async function authenticate(clientId: string, proof: ClientProof): Promise<ServicePrincipal> {
    const principal = directory.getByAppId(clientId);
    // A managed identity has no secret, and takes what others say of it.
    if (!principal || (principal.kind === 'ManagedIdentity' && 'secret' in proof))
      throw applicationNotFound(clientId, tenantId);
    if (!principal.accountEnabled) throw applicationDisabled(principal.appId, principal.displayName);
    const owners = directory.credentialOwners(principal);
    if ('secret' in proof) {
      const verdict = directory.credentials.checkSecret(owners, proof.secret);
      if (verdict === 'wrong') throw invalidSecret(clientId);
      if (verdict === 'expired') throw expiredSecret(clientId);
      return principal;
    }
    const assertion = readAssertion(proof.assertion);
    const now = clock.now();
    if (isSelfIssued(assertion, principal)) {
      const certificates = owners.flatMap(directory.credentials.certificates);
      await checkCertificateAssertion(assertion, principal, certificates, { tenantId, now });
    } else {
      const credentials = owners.flatMap(directory.federatedCredentials.ofOwner);
      const { issuerKeys } = parts;
      await checkFederatedAssertion(assertion, principal, credentials, { issuerKeys, now });
    }
    return principal;
  }

  function requireResource(resource: string): void {
    if (!isResource(resource)) throw resourceNotInTenant(resource, tenantId);
  }

  async function forUser(user: User, clientId: string, scope: DelegatedScope): Promise<Issued> {
    const { resource, wantsIdToken, wantsRefreshToken } = scope;
    requireResource(resource);
    const { token, expiresOn } = await tokens.signForUser(user, resource, clientId);
    const clientInfo = JSON.stringify({ uid: user.id, utid: tenantId });
    return {
      resource,
      expiresOn,
      response: {
        ...bearer(token, expiresOn),
        scope: `${resource}/${delegatedPermission(resource)} ${resource}/.default`,
        ...(wantsRefreshToken ? { refresh_token: await refreshTokens.issue(user, clientId) } : {}),
        ...(wantsIdToken ? { id_token: await tokens.signIdToken(user, clientId) } : {}),
        client_info: Buffer.from(clientInfo).toString('base64url'),
      },
    };
  }

  function bearer(token: string, expiresOn: number): TokenResponse {
    const expiresIn = Math.floor(expiresOn / 1000) - Math.floor(clock.now() / 1000) - 1;
    return { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token };
  }
}
