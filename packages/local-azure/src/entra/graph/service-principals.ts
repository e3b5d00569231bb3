import { z } from 'zod';
import type { ServicePrincipal } from '../entra.ts';
import { readBody } from './body.ts';
import { keyCredentialsSchema, passwordRoutes, readCertificates } from './credentials.ts';
import { alreadyExists, badRequest, insufficientPrivileges, notPresent } from './graph-error.ts';
import { answerList } from './list.ts';
import { presentServicePrincipal, summarizeServicePrincipal as summarize } from './present.ts';
import type { GraphContext, GraphRoute } from './route.ts';

const newSchema = z.object({ appId: z.string(), accountEnabled: z.boolean().nullish() });
const changeSchema = z.object({
  accountEnabled: z.boolean().nullish(),
  keyCredentials: keyCredentialsSchema.nullish(),
});

export function servicePrincipalRoutes({ directory }: GraphContext): GraphRoute[] {
  const { credentials } = directory;
  const find = (id: string): ServicePrincipal => {
    const found = directory.getServicePrincipal(id);
    if (!found) throw notPresent(id);
    return found;
  };
  /** A managed identity is its resource's: it is changed and deleted there. */
  const findApplication = (id: string): ServicePrincipal => {
    const found = find(id);
    if (found.kind === 'ManagedIdentity') throw insufficientPrivileges();
    return found;
  };
  const present = (principal: ServicePrincipal) => presentServicePrincipal(principal, directory);

  return [
    {
      method: 'GET',
      path: '/servicePrincipals',
      handle: (request) => {
        const all = directory.list('Application', 'ManagedIdentity');
        return answerList(request, 'servicePrincipals', all, { summarize, present });
      },
    },
    {
      method: 'GET',
      path: '/servicePrincipals/:id',
      handle: ({ params }) => ({
        ...{ status: 200, context: 'servicePrincipals/$entity', body: present(find(params.id!)) },
      }),
    },
    {
      method: 'POST',
      path: '/servicePrincipals',
      handle: ({ body }) => {
        const { appId, accountEnabled } = readBody(newSchema, body, 'ServicePrincipal');
        const application = directory.applications.getByAppId(appId);
        if (!application) {
          throw badRequest(
            `The appId '${appId}' of the service principal does not reference a valid application object.`,
          );
        }
        if (directory.getByAppId(appId)) {
          throw alreadyExists(
            'The service principal cannot be created, updated, or restored because the service principal name ' +
              `${appId} is already in use.`,
          );
        }
        const principal = directory.createServicePrincipal(application);
        if (accountEnabled === false) directory.update({ ...principal, accountEnabled });
        return { status: 201, context: 'servicePrincipals/$entity', body: present(find(principal.id)) };
      },
    },
    {
      method: 'PATCH',
      path: '/servicePrincipals/:id',
      handle: ({ params, body }) => {
        const principal = findApplication(params.id!);
        const { accountEnabled, keyCredentials } = readBody(changeSchema, body, 'ServicePrincipal');
        const certificates =
          keyCredentials && readCertificates(keyCredentials, credentials.certificates(principal.id));
        directory.transaction(() => {
          if (certificates) credentials.setCertificates(principal.id, certificates);
          if (typeof accountEnabled === 'boolean') directory.update({ ...principal, accountEnabled });
        });
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: '/servicePrincipals/:id',
      handle: ({ params }) => {
        directory.delete(findApplication(params.id!).id);
        return { status: 204 };
      },
    },
    ...passwordRoutes('servicePrincipals', findApplication, credentials),
  ];
}
