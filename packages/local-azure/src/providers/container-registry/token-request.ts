import { z } from 'zod';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { resourceName, sameId } from '../../resource-manager/resource-id.ts';
import { parseBody } from '../../resource-manager/tracked-resource.ts';
import type { Resources } from '../../store/resources.ts';
import { passwordUnknown, scopeMapUnknown } from './errors.ts';
import type { RegistryRecord } from './model.ts';
import { word } from './request.ts';
import { findScopeMap, scopeMapId } from './scope-map-model.ts';
import type { TokenProperties } from './token-model.ts';
import { type PasswordName, passwordNames, type TokenPassword } from './token-passwords.ts';

const passwordName = word(...passwordNames);
const dateTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const tokenSchema = z.object({
  properties: z
    .object({
      scopeMapId: z.string().nullish(),
      status: word('enabled', 'disabled').nullish(),
      credentials: z
        .object({
          passwords: z.array(z.object({ name: passwordName, expiry: dateTime.nullish() })).nullish(),
          certificates: z.array(z.unknown()).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

/** What a PUT or PATCH of a token of this registry asks for, and no more; `passwords` are those that it has. */
export function readToken(
  resources: Resources,
  registry: RegistryRecord,
  body: unknown,
  passwords: readonly TokenPassword[],
): Partial<TokenProperties> {
  const { scopeMapId, status, credentials } = parseBody(tokenSchema, body).properties ?? {};
  if (credentials?.certificates?.length) throw notImplemented('certificates of tokens');
  return {
    ...(scopeMapId ? { scopeMapId: requireScopeMapId(resources, registry, scopeMapId) } : {}),
    ...(status ? { status } : {}),
    ...(credentials?.passwords ? { passwords: keepPasswords(passwords, credentials.passwords) } : {}),
  };
}

function requireScopeMapId(resources: Resources, registry: RegistryRecord, id: string): string {
  const found = findScopeMap(resources, registry, resourceName(id));
  if (!found || !sameId(id, scopeMapId(registry.id, resourceName(id)))) throw scopeMapUnknown(id);
  return found.id;
}

/** The passwords that are named stay, perhaps with another expiry; the others go. A client cannot bring its own. */
function keepPasswords(
  passwords: readonly TokenPassword[],
  named: readonly { name: PasswordName; expiry?: number | null | undefined }[],
): TokenPassword[] {
  for (const { name } of named) {
    if (!passwords.some((one) => one.name === name)) throw passwordUnknown(name);
  }
  return passwords.flatMap((one) => {
    const given = named.find(({ name }) => name === one.name);
    return given ? [{ ...one, ...(given.expiry == null ? {} : { expiry: given.expiry }) }] : [];
  });
}

const generateSchema = z.object({
  tokenId: z.string(),
  name: passwordName.nullish(),
  expiry: dateTime.nullish(),
});

/** The body of `generateCredentials`: for which token, and which of its passwords; both when it names none. */
export function readGenerateCredentials(body: unknown) {
  const { tokenId, name, expiry } = parseBody(generateSchema, body);
  return { tokenId, names: name ? [name] : passwordNames, expiry: expiry ?? undefined };
}
