import { z } from 'zod';
import { federatedCredentialConflict, maxFederatedCredentials } from '../directory/federated-credentials.ts';
import type { FederatedCredential, FederatedCredentials } from '../entra.ts';
import { readBody } from './body.ts';
import { alreadyExists, GraphError, notPresent } from './graph-error.ts';
import { answerList } from './list.ts';
import type { GraphRoute } from './route.ts';

const list = '/applications/:id/federatedIdentityCredentials';
const context = 'federatedIdentityCredentials';

const present = ({ id, name, issuer, subject, audiences, description }: FederatedCredential) => ({
  ...{ id, name, issuer, subject, audiences, description: description ?? null },
});

const changeSchema = z.object({
  issuer: z.url().optional(),
  subject: z.string().min(1).optional(),
  audiences: z.array(z.string()).length(1).optional(),
  description: z.string().nullish(),
});
const newSchema = changeSchema
  .extend({ name: z.string().regex(/^[a-z0-9][a-z0-9_-]{2,119}$/i) })
  .required({ issuer: true, subject: true, audiences: true });

const invalid = (message: string) => new GraphError(400, 'InvalidFederatedIdentityCredentialValue', message);

/** The federated credentials of an application. */
export function federatedCredentialRoutes(
  findApplication: (id: string) => { id: string },
  credentials: FederatedCredentials,
): GraphRoute[] {
  const find = (ownerId: string, idOrName: string): FederatedCredential => {
    const found =
      credentials.ofOwner(ownerId).find(({ id }) => id === idOrName) ?? credentials.get(ownerId, idOrName);
    if (!found) throw notPresent(idOrName);
    return found;
  };
  const put = (ownerId: string, wanted: Omit<FederatedCredential, 'id'>) => {
    const conflict = federatedCredentialConflict(credentials.ofOwner(ownerId), wanted);
    // Source: Azure/azure-workload-identity issue 434
    if (conflict === 'same-subject') {
      throw invalid(
        `The combination of issuer and subject must be unique for the application. Issuer ${wanted.issuer} and ` +
          `Subject: ${wanted.subject} already exist.`,
      );
    }
    if (conflict === 'too-many')
      throw invalid(
        `An application can have at most ${maxFederatedCredentials} federated identity credentials.`,
      );
    return credentials.put(ownerId, wanted);
  };
  const withoutNull = ({ description, ...rest }: z.infer<typeof newSchema>) => ({
    ...rest,
    ...(description ? { description } : {}),
  });

  return [
    {
      method: 'GET',
      path: list,
      handle: (request) => {
        const { id } = findApplication(request.params.id!);
        return answerList(request, context, credentials.ofOwner(id), { summarize: present });
      },
    },
    {
      method: 'GET',
      path: `${list}/:credential`,
      handle: ({ params }) => ({
        ...{ status: 200, context: `${context}/$entity` },
        body: present(find(findApplication(params.id!).id, params.credential!)),
      }),
    },
    {
      method: 'POST',
      path: list,
      handle: ({ params, body }) => {
        const { id } = findApplication(params.id!);
        const wanted = readBody(newSchema, body, 'FederatedIdentityCredential');
        if (credentials.get(id, wanted.name))
          throw alreadyExists(`FederatedIdentityCredential with name ${wanted.name} already exists.`);
        return { status: 201, context: `${context}/$entity`, body: present(put(id, withoutNull(wanted))) };
      },
    },
    {
      method: 'PATCH',
      path: `${list}/:credential`,
      handle: ({ params, body }) => {
        const { id } = findApplication(params.id!);
        const { id: _, ...existing } = find(id, params.credential!);
        const changed = readBody(changeSchema, body, 'FederatedIdentityCredential');
        const given = Object.entries(changed).filter(([, value]) => value !== undefined);
        put(id, withoutNull({ ...existing, ...Object.fromEntries(given) }));
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: `${list}/:credential`,
      handle: ({ params }) => {
        const { id } = findApplication(params.id!);
        credentials.delete(id, find(id, params.credential!).name);
        return { status: 204 };
      },
    },
  ];
}
