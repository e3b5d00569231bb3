import { z } from 'zod';
import type { Principal } from '../entra.ts';
import { badRequest, notPresent } from './graph-error.ts';
import { graphTypeOf, presentObject } from './present.ts';
import type { GraphContext, GraphRoute } from './route.ts';

/** Source: learn.microsoft.com/graph/api/directoryobject-getbyids, "You can specify up to 1000 IDs" */
const maxIds = 1000;

const strings = z.array(z.string());
const idsSchema = z.object({ ids: strings.max(maxIds), types: strings.nullish() });
const checkSchema = z.object({ groupIds: strings });

/** What can be asked about users, groups and service principals alike. */
export function directoryObjectRoutes({ directory }: GraphContext): GraphRoute[] {
  const find = (idOrName: string): Principal => {
    const found = directory.get(idOrName) ?? directory.getByUserPrincipalName(idOrName);
    if (!found) throw notPresent(idOrName);
    return found;
  };
  const memberGroups = (collection: string): GraphRoute => ({
    ...{ method: 'POST', isRead: true, path: `/${collection}/:id/getMemberGroups` },
    handle: ({ params }) => ({
      ...{ status: 200, context: 'Collection(Edm.String)' },
      body: { value: directory.groupsOf(find(params.id!).id) },
    }),
  });

  return [
    {
      method: 'POST',
      path: '/directoryObjects/getByIds',
      isRead: true,
      handle: ({ body }) => {
        const { data } = idsSchema.safeParse(body);
        if (!data) {
          throw badRequest(
            `The parameter 'ids' must be a collection of at most ${maxIds} strings, and so must 'types'.`,
          );
        }
        const types = data.types?.map((type) => type.toLowerCase());
        const isWanted = (type: string) =>
          !types || types.includes(type.toLowerCase()) || types.includes('directoryobject');
        const value = data.ids
          .map(directory.get)
          .filter((one) => one !== undefined)
          .filter((one) => isWanted(graphTypeOf(one)))
          .map((one) => presentObject(one, directory));
        return { status: 200, context: 'directoryObjects', body: { value } };
      },
    },
    {
      method: 'GET',
      path: '/directoryObjects/:id',
      handle: ({ params }) => ({
        ...{
          status: 200,
          context: 'directoryObjects/$entity',
          body: presentObject(find(params.id!), directory),
        },
      }),
    },
    {
      method: 'POST',
      path: '/directoryObjects/:id/checkMemberGroups',
      isRead: true,
      handle: ({ params, body }) => {
        const { data } = checkSchema.safeParse(body);
        if (!data) throw badRequest("The parameter 'groupIds' must be a collection of strings.");
        const held = directory.groupsOf(find(params.id!).id);
        const value = data.groupIds.filter((id) => held.includes(id.toLowerCase()));
        return { status: 200, context: 'Collection(Edm.String)', body: { value } };
      },
    },
    ...['directoryObjects', 'users', 'groups', 'servicePrincipals'].map(memberGroups),
  ];
}
