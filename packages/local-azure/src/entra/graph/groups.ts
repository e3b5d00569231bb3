import { z } from 'zod';
import type { Group } from '../entra.ts';
import { readBody, readReference } from './body.ts';
import { badRequest, notImplemented, notPresent } from './graph-error.ts';
import { answerList } from './list.ts';
import { presentGroup, presentObject } from './present.ts';
import type { GraphContext, GraphRoute } from './route.ts';

const groupSchema = z.object({
  displayName: z.string().min(1).max(256),
  mailNickname: z.string().regex(/^[\w.'-]{1,64}$/),
  description: z.string().nullish(),
  mailEnabled: z.boolean(),
  securityEnabled: z.boolean(),
});

/** Security groups, which hold role assignments for their members. */
export function groupRoutes({ directory }: GraphContext): GraphRoute[] {
  const { memberships } = directory;
  const find = (id: string): Group => {
    const found = directory.get(id);
    if (found?.kind !== 'Group') throw notPresent(id);
    return found;
  };

  return [
    {
      method: 'GET',
      path: '/groups',
      handle: (request) =>
        answerList(request, 'groups', directory.list('Group'), { summarize: presentGroup }),
    },
    {
      method: 'GET',
      path: '/groups/:id',
      handle: ({ params }) => ({
        ...{ status: 200, context: 'groups/$entity', body: presentGroup(find(params.id!)) },
      }),
    },
    {
      method: 'POST',
      path: '/groups',
      handle: ({ body }) => {
        const { mailEnabled, securityEnabled, description, ...wanted } = readBody(groupSchema, body, 'Group');
        if (mailEnabled || !securityEnabled) throw notImplemented('groups that are not security groups');
        const group = directory.create({
          ...{ kind: 'Group', ...wanted },
          ...(description ? { description } : {}),
        });
        return { status: 201, context: 'groups/$entity', body: presentGroup(group) };
      },
    },
    {
      method: 'DELETE',
      path: '/groups/:id',
      handle: ({ params }) => {
        directory.delete(find(params.id!).id);
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/groups/:id/members',
      handle: (request) => {
        const members = memberships
          .members(find(request.params.id!).id)
          .map(directory.get)
          .filter((member) => member !== undefined);
        return answerList(request, 'directoryObjects', members, {
          summarize: (member) => presentObject(member, directory),
        });
      },
    },
    {
      method: 'POST',
      path: '/groups/:id/members/$ref',
      handle: ({ params, body }) => {
        const group = find(params.id!);
        const memberId = readReference(body);
        if (!directory.get(memberId)) throw notPresent(memberId);
        if (!memberships.add(group.id, memberId)) {
          throw badRequest(
            "One or more added object references already exist for the following modified properties: 'members'.",
          );
        }
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: '/groups/:id/members/:memberId/$ref',
      handle: ({ params }) => {
        const group = find(params.id!);
        if (!memberships.remove(group.id, params.memberId!.toLowerCase())) throw notPresent(params.memberId!);
        return { status: 204 };
      },
    },
  ];
}
