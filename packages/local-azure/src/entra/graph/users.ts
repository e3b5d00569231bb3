import { z } from 'zod';
import type { Directory } from '../directory/directory.ts';
import { tenantDomain, type User } from '../entra.ts';
import { readBody } from './body.ts';
import { badRequest, notImplemented, notPresent } from './graph-error.ts';
import { answerList } from './list.ts';
import { presentUser } from './present.ts';
import type { GraphContext, GraphResponse, GraphRoute } from './route.ts';

const passwordProfile = z.object({
  password: z.string(),
  forceChangePasswordNextSignIn: z.boolean().nullish(),
});
const newUserSchema = z.object({
  accountEnabled: z.boolean(),
  displayName: z.string().min(1).max(256),
  mailNickname: z.string().regex(/^[\w.'-]{1,64}$/),
  userPrincipalName: z.string(),
  passwordProfile,
});
const userChangeSchema = newUserSchema.partial();

export function userRoutes({ directory }: GraphContext): GraphRoute[] {
  const one = (user: User): GraphResponse => ({
    ...{ status: 200, context: 'users/$entity', body: presentUser(user) },
  });
  const find = (idOrName: string): User => {
    const found = idOrName.includes('@')
      ? directory.getByUserPrincipalName(idOrName)
      : directory.get(idOrName);
    if (found?.kind !== 'User') throw notPresent(idOrName);
    return found;
  };

  return [
    {
      method: 'GET',
      path: '/me',
      handle: ({ caller }) => {
        if (!caller.upn) throw badRequest('/me request is only valid with delegated authentication flow.');
        return one(find(caller.oid));
      },
    },
    {
      method: 'GET',
      path: '/users',
      handle: (request) => answerList(request, 'users', directory.list('User'), { summarize: presentUser }),
    },
    { method: 'GET', path: '/users/:id', handle: ({ params }) => one(find(params.id!)) },
    {
      method: 'POST',
      path: '/users',
      handle: async ({ body }) => {
        const { passwordProfile, ...wanted } = readBody(newUserSchema, body, 'User');
        const hash = await directory.passwords.hash(readPassword(passwordProfile));
        // Nothing can come between this and the user.
        checkName(wanted.userPrincipalName, directory);
        return { ...one(directory.addUser(wanted, hash)), status: 201 };
      },
    },
    {
      method: 'PATCH',
      path: '/users/:id',
      handle: async ({ params, body }) => {
        const { passwordProfile, ...wanted } = readBody(userChangeSchema, body, 'User');
        const hash = passwordProfile && (await directory.passwords.hash(readPassword(passwordProfile)));
        const user = find(params.id!);
        if (wanted.userPrincipalName) checkName(wanted.userPrincipalName, directory, user.id);
        const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
        directory.transaction(() => {
          directory.update({ ...user, ...Object.fromEntries(given) });
          if (hash) directory.passwords.set(user.id, hash);
        });
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: '/users/:id',
      handle: ({ params }) => {
        directory.delete(find(params.id!).id);
        return { status: 204 };
      },
    },
  ];
}

function checkName(name: string, directory: Directory, ownId?: string): void {
  const [local = '', domain, ...rest] = name.toLowerCase().split('@');
  if (!/^[\w.'!#^~-]{1,64}$/.test(local) || rest.length > 0)
    throw badRequest('Property userPrincipalName is invalid.');
  if (domain !== tenantDomain) {
    throw badRequest(
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain ' +
        `names in your organization: ${tenantDomain}.`,
    );
  }
  const holder = directory.getByUserPrincipalName(name);
  if (holder && holder.id !== ownId)
    throw badRequest('Another object with the same value for property userPrincipalName already exists.');
}

/** Source: learn.microsoft.com/entra/identity/authentication/concept-sspr-policy, "password policies" */
function readPassword({ password, forceChangePasswordNextSignIn }: z.infer<typeof passwordProfile>): string {
  if (forceChangePasswordNextSignIn)
    throw notImplemented("the property 'forceChangePasswordNextSignIn' of 'User'");
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password));
  if (password.length < 8 || password.length > 256 || kinds.length < 3) {
    throw badRequest(
      'The specified password does not comply with password complexity requirements. Please provide a different ' +
        'password.',
    );
  }
  return password;
}
