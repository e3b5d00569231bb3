import { z } from 'zod';
import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import { adminUserDisabled } from './errors.ts';
import { newPassword, type RegistryRecord, registryType } from './model.ts';
import { type ContainerRegistryContext, putRegistry, registryPath, requireRegistry } from './registries.ts';

const passwordNameSchema = z.object({ name: z.enum(['password', 'password2']) });

/** The admin user's two passwords. */
export function adminUserRoutes({ resources }: ContainerRegistryContext): Route[] {
  const requireAdminUser = (request: ArmRequest): RegistryRecord => {
    const registry = requireRegistry(resources, request);
    if (!registry.body.properties.adminUserEnabled) throw adminUserDisabled(registry.id);
    return registry;
  };

  return [
    {
      method: 'POST',
      path: `${registryPath}/listCredentials`,
      action: `${registryType}/listCredentials/action`,
      handle: (request) => ({ status: 200, body: credentials(requireAdminUser(request)) }),
    },
    {
      method: 'POST',
      path: `${registryPath}/regenerateCredential`,
      action: `${registryType}/regenerateCredential/action`,
      handle: (request) => {
        const { id, body } = requireAdminUser(request);
        const { name } = parseBody(passwordNameSchema, request.body);
        const [first, second] = body.properties.adminPasswords;
        const adminPasswords: [string, string] =
          name === 'password' ? [newPassword(), second] : [first, newPassword()];
        const properties = { ...body.properties, adminPasswords };
        return { status: 200, body: credentials(putRegistry(resources, id, { ...body, properties })) };
      },
    },
  ];
}

const credentials = ({ id, body }: RegistryRecord) => ({
  username: resourceName(id),
  passwords: [
    { name: 'password', value: body.properties.adminPasswords[0] },
    { name: 'password2', value: body.properties.adminPasswords[1] },
  ],
});
