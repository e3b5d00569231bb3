import { ExpectedError } from '../expected-error.ts';
import type { HttpHandler } from '../http-handler.ts';

/**
 * What the rest of the local Azure may ask of Entra ID. Resource Manager and the registry verify tokens;
 * the web provider makes a principal per managed identity; the App Service worker asks for its tokens.
 */
export interface Entra {
  tenantId: string;
  principals: Principals;
  federatedCredentials: FederatedCredentials;
  /** A signed token for `audience` (such as `https://management.azure.com/`), for a principal that exists. */
  issueToken(principalId: string, audience: string): Promise<{ token: string; expiresOn: number }>;
  /** The claims of a token that this tenant signed for one of `audiences`. Rejects with {@link TokenRefused}. */
  verifyToken(token: string, audiences: readonly string[]): Promise<Claims>;
  /** Serves `login.microsoftonline.com`. */
  login: HttpHandler;
  /** Serves `graph.microsoft.com`: the few look-ups that clients of role assignments make. */
  graph: HttpHandler;
}

/** A service principal: an application's, or a managed identity's. */
export interface Principal {
  /** Object id: what a role assignment names as `principalId`. */
  id: string;
  /** Client id. */
  appId: string;
  kind: 'Application' | 'ManagedIdentity';
  displayName: string;
  /** The resource that a managed identity belongs to. */
  resourceId?: string;
  createdOn: number;
}

export interface Principals {
  get(id: string): Principal | undefined;
  getByAppId(appId: string): Principal | undefined;
  all(): Principal[];
  createManagedIdentity(displayName: string, resourceId: string): Principal;
  /** Returns the application's principal with its one secret, which is stored only as a hash. */
  createApplication(displayName: string): { principal: Principal; secret: string };
  delete(id: string): void;
}

/** Says whose tokens, of an issuer that is not this tenant, an application or a managed identity takes for its own. */
export interface FederatedCredential {
  id: string;
  /** Unique within its owner. */
  name: string;
  issuer: string;
  subject: string;
  audiences: string[];
  description?: string;
}

/** The federated credentials of an owner: an application by its object id, or a managed identity by its principal id. */
export interface FederatedCredentials {
  ofOwner(ownerId: string): FederatedCredential[];
  get(ownerId: string, name: string): FederatedCredential | undefined;
  /** Creates or replaces the one of that name, which keeps its id and the spelling of its name. */
  put(ownerId: string, credential: Omit<FederatedCredential, 'id'>): FederatedCredential;
  /** False when there was none. */
  delete(ownerId: string, name: string): boolean;
}

/** The claims of a v1.0 access token, as Resource Manager and the registry read them. */
export interface Claims {
  aud: string;
  iss: string;
  tid: string;
  /** Object id of the principal. */
  oid: string;
  /** Client id. */
  appid: string;
  iat: number;
  nbf: number;
  exp: number;
}

export type TokenFault = 'malformed' | 'signature' | 'issuer' | 'audience' | 'expired' | 'not-yet-valid';

export class TokenRefused extends ExpectedError {
  readonly fault: TokenFault;
  constructor(fault: TokenFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
