import { z } from 'zod';
import type { Application } from '../directory/applications.ts';
import { readBody, toDateTime } from './body.ts';
import { keyCredentialsSchema, passwordRoutes, presentCredentials, readCertificates } from './credentials.ts';
import { federatedCredentialRoutes } from './federated-credentials.ts';
import { notImplemented, notPresent } from './graph-error.ts';
import { answerList } from './list.ts';
import type { GraphContext, GraphRoute } from './route.ts';

const summarize = ({ id, appId, displayName, createdOn }: Application) => ({
  ...{ id, appId, displayName, deletedDateTime: null, createdDateTime: toDateTime(createdOn) },
  ...{ identifierUris: [], signInAudience: 'AzureADMyOrg', requiredResourceAccess: [], tags: [] },
});

const changeSchema = z.object({
  displayName: z.string().min(1).max(256).optional(),
  signInAudience: z.string().nullish(),
  keyCredentials: keyCredentialsSchema.nullish(),
});
const newSchema = changeSchema.required({ displayName: true });

export function applicationRoutes({ directory }: GraphContext): GraphRoute[] {
  const { applications, credentials } = directory;
  const find = (id: string): Application => {
    const found = applications.get(id);
    if (!found) throw notPresent(id);
    return found;
  };
  const present = (application: Application) => ({
    ...summarize(application),
    ...presentCredentials(application.id, credentials),
  });
  const readCredentials = ({ signInAudience, keyCredentials }: z.infer<typeof changeSchema>, id?: string) => {
    // There is one tenant.
    if (signInAudience && signInAudience !== 'AzureADMyOrg')
      throw notImplemented(`the sign-in audience '${signInAudience}'`);
    return keyCredentials && readCertificates(keyCredentials, id ? credentials.certificates(id) : []);
  };

  return [
    {
      method: 'GET',
      path: '/applications',
      handle: (request) => answerList(request, 'applications', applications.all(), { summarize, present }),
    },
    {
      method: 'GET',
      path: '/applications/:id',
      handle: ({ params }) => ({
        ...{ status: 200, context: 'applications/$entity', body: present(find(params.id!)) },
      }),
    },
    {
      method: 'POST',
      path: '/applications',
      handle: ({ body }) => {
        const wanted = readBody(newSchema, body, 'Application');
        const certificates = readCredentials(wanted);
        const application = directory.transaction(() => {
          const created = applications.create(wanted.displayName);
          if (certificates) credentials.setCertificates(created.id, certificates);
          return created;
        });
        return { status: 201, context: 'applications/$entity', body: present(application) };
      },
    },
    {
      method: 'PATCH',
      path: '/applications/:id',
      handle: ({ params, body }) => {
        const application = find(params.id!);
        const wanted = readBody(changeSchema, body, 'Application');
        const certificates = readCredentials(wanted, application.id);
        directory.transaction(() => {
          if (wanted.displayName) directory.renameApplication(application, wanted.displayName);
          if (certificates) credentials.setCertificates(application.id, certificates);
        });
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: '/applications/:id',
      handle: ({ params }) => {
        directory.deleteApplication(find(params.id!));
        return { status: 204 };
      },
    },
    ...passwordRoutes('applications', find, credentials),
    ...federatedCredentialRoutes(find, directory.federatedCredentials),
  ];
}
