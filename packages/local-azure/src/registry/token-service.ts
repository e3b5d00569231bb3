import type { IncomingMessage } from 'node:http';
import { managementAudiences, registryAudiences } from '../entra/audiences.ts';
import { type Claims, type Entra, TokenRefused } from '../entra/entra.ts';
import { readBody } from '../read-body.ts';
import type { Access } from '../resource-manager/access.ts';
import type { Authenticator, Credential } from './authenticate.ts';
import { tokenRequestInvalid, tokenValidationFailed, unauthorized } from './errors.ts';
import { anonymousPermissions, parseScope, permissionsOf, registryWide, type Scope } from './permissions.ts';
import type { RegistryFacts } from './registry-facts.ts';
import { type RegistryRequest, type RouteOf, sendJson } from './request.ts';
import type { Tokens } from './tokens.ts';

/** `/oauth2/exchange` and `/oauth2/token`. Source: Azure/acr docs/AAD-OAuth.md and docs/Token-BasicAuth.md. */
export interface TokenService {
  exchange(call: RegistryRequest<RouteOf<'exchange'>>): Promise<void>;
  /** GET, with a Basic `Authorization` or, for anonymous pull, none. */
  getToken(call: RegistryRequest<RouteOf<'token'>>): Promise<void>;
  /** POST, with a refresh token or a password in the form. */
  postToken(call: RegistryRequest<RouteOf<'token'>>): Promise<void>;
}

const formLimit = 64 * 1024;

export function createTokenService(
  entra: Entra,
  access: Access,
  tokens: Tokens,
  authenticator: Authenticator,
): TokenService {
  /** The access token that holds what of `scopes` the credential allows. */
  async function issueAccess(
    call: RegistryRequest<RouteOf<'token'>>,
    credential: Credential,
    scopes: Scope[],
  ) {
    const granted = scopes.map(credential.rights);
    const token = await tokens.issueAccess(
      call.facts.loginServer,
      credential.subject,
      granted.filter(({ actions }) => actions.length > 0),
      credential.expiresOn,
    );
    sendJson(call.response, { access_token: token });
  }

  return {
    async exchange({ facts, request, response }) {
      const form = await readForm(request);
      const grantType = form.get('grant_type') ?? '';
      if (grantType !== 'access_token' && grantType !== 'access_token_refresh_token') {
        throw tokenRequestInvalid(`unsupported grant_type "${grantType}"`);
      }
      requireService(form, facts);
      const claims = await verifyEntraToken(entra, required(form, 'access_token'), facts);
      const isAbac = facts.roleAssignmentMode === 'AbacRepositoryPermissions';
      const permissions = isAbac ? [] : permissionsOf(access, claims.oid, facts.id);
      // Without any right there is no refresh token either; with ABAC, each use of the token decides.
      // Source: MicrosoftDocs/SupportArticles-docs acr-authentication-errors.md, "Error 4".
      if (!isAbac && permissions.length === 0) throw unauthorized();
      const refreshToken = await tokens.issueRefresh(facts.loginServer, {
        subject: claims.oid,
        tenant: claims.tid,
        permissions,
      });
      sendJson(response, { refresh_token: refreshToken });
    },

    async getToken(call) {
      const { facts, query, request } = call;
      requireService(query, facts);
      const { authorization } = request.headers;
      const credential = authorization
        ? await authenticator.byHeader(authorization, facts)
        : facts.anonymousPullEnabled && anonymous;
      const scopes = scopesOf(query);
      if (!credential) throw unauthorized(scopes);
      await issueAccess(call, credential, scopes);
    },

    async postToken(call) {
      const { facts } = call;
      const form = await readForm(call.request);
      requireService(form, facts);
      const credential = await authenticateForm(form, facts, authenticator);
      if (!credential) throw unauthorized();
      await issueAccess(call, credential, scopesOf(form));
    },
  };
}

/** Who holds a token of Entra ID that this registry accepts. */
export const verifyEntraToken = (
  entra: Entra,
  token: string,
  { azureADAuthenticationAsArmPolicy: asArm }: RegistryFacts,
): Promise<Claims> =>
  entra
    .verifyToken(
      token,
      asArm === 'enabled' ? [...registryAudiences, ...managementAudiences] : registryAudiences,
    )
    .catch((error) => {
      throw error instanceof TokenRefused ? tokenValidationFailed() : error;
    });

const anonymous: Credential = { subject: 'anonymous', rights: registryWide(anonymousPermissions) };

async function authenticateForm(
  form: URLSearchParams,
  facts: RegistryFacts,
  authenticator: Authenticator,
): Promise<Credential | undefined> {
  const grantType = form.get('grant_type') ?? '';
  switch (grantType) {
    case 'refresh_token':
      return authenticator.byRefreshToken(required(form, 'refresh_token'), facts);
    case 'password':
      return authenticator.byPassword(required(form, 'username'), required(form, 'password'), facts);
  }
  throw tokenRequestInvalid(`unsupported grant_type "${grantType}"`);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const body = await readBody(request, formLimit);
  if (!body) throw tokenRequestInvalid(`the form is larger than ${formLimit} bytes`);
  return new URLSearchParams(body.toString());
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw tokenRequestInvalid(`parameter "${name}" is missing`);
  return value;
}

/** A token is made for this registry only. */
function requireService(parameters: URLSearchParams, { loginServer }: RegistryFacts): void {
  const service = required(parameters, 'service');
  if (service.toLowerCase() !== loginServer) throw unauthorized();
}

/** The parameter may be repeated, and may hold several scopes with spaces between. */
const scopesOf = (parameters: URLSearchParams): Scope[] =>
  parameters
    .getAll('scope')
    .flatMap((text) => text.split(' '))
    .filter((text) => text !== '')
    .map((text) => {
      const scope = parseScope(text);
      if (!scope) throw tokenRequestInvalid(`invalid scope "${text}"`);
      return scope;
    });
