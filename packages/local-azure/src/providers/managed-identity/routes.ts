import type { Route } from '../../resource-manager/route.ts';
import { federatedCredentialRoutes } from './federated-credential-routes.ts';
import type { ManagedIdentityContext } from './identities.ts';
import { identityRoutes } from './identity-routes.ts';

/** `Microsoft.ManagedIdentity`. */
export const managedIdentityRoutes = (context: ManagedIdentityContext): Route[] => [
  ...identityRoutes(context),
  ...federatedCredentialRoutes(context),
];
