import type { Plane } from '../../../resource-manager/rbac.ts';
import { matchesAction } from '../../../resource-manager/wildcards.ts';
import { containerRegistryOperations } from './container-registry.ts';
import { managedIdentityOperations } from './managed-identity.ts';
import { webOperations } from './web.ts';

const providers = [containerRegistryOperations, managedIdentityOperations, webOperations];

/** What the providers that are here can do in Azure, more of it than here. */
export const providerOperations: Record<Plane, readonly string[]> = {
  control: providers.flatMap(({ control }) => control),
  data: providers.flatMap(({ data }) => data),
};

const complete = providers.flatMap((provider) => provider.complete.map((type) => `${type.toLowerCase()}/`));

/** Does the pattern of a role name nothing that Azure has? Of a provider that is not listed in full it is never said. */
export function namesNothing(pattern: string, plane: Plane): boolean {
  const [literal = ''] = pattern.toLowerCase().split('*');
  if (!complete.some((prefix) => literal.startsWith(prefix))) return false;
  return !providerOperations[plane].some((operation) => matchesAction(pattern, operation));
}
