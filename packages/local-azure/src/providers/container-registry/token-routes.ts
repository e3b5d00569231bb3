import { pageOf } from '../../resource-manager/paging.ts';
import { resourceName, sameId } from '../../resource-manager/resource-id.ts';
import type { ArmRequest, Route } from '../../resource-manager/route.ts';
import type { ListPart } from '../../store/resources.ts';
import { childNameInvalid, childNotFound, quotaExceeded, scopeMapRequired, tokenUnknown } from './errors.ts';
import { type RegistryRecord, registryType } from './model.ts';
import { type ContainerRegistryContext, registryPath, requireRegistry } from './registries.ts';
import { tokenLimits } from './rules.ts';
import {
  presentToken,
  type TokenBody,
  type TokenProperties,
  type TokenRecord,
  tokenId,
  tokenType,
} from './token-model.ts';
import { makePassword, presentPassword, replacePasswords } from './token-passwords.ts';
import { readGenerateCredentials, readToken } from './token-request.ts';

const listPath = `${registryPath}/tokens`;
const itemPath = `${listPath}/{tokenName}`;

/** `Microsoft.ContainerRegistry/registries/tokens`, and the passwords of tokens. */
export function tokenRoutes({ resources, clock }: ContainerRegistryContext): Route[] {
  const idOf = (request: ArmRequest) =>
    tokenId(requireRegistry(resources, request).id, request.params.tokenName!);
  const requireToken = (request: ArmRequest): TokenRecord => {
    const found = resources.get<TokenBody>(idOf(request));
    if (!found) throw childNotFound(request.params.tokenName!);
    return found;
  };
  const checkQuota = ({ id, body: { sku } }: RegistryRecord) => {
    if (resources.list(id, tokenType).length >= tokenLimits[sku.name])
      throw quotaExceeded('tokens', sku.name);
  };
  const put = (id: string, properties: TokenProperties): TokenRecord =>
    resources.put<TokenBody>(id, tokenType, { properties });

  return [
    {
      method: 'GET',
      path: listPath,
      action: `${tokenType}/read`,
      handle: (request) => {
        const { id } = requireRegistry(resources, request);
        const read = (part: ListPart) => resources.list<TokenBody>(id, tokenType, part);
        return { status: 200, body: pageOf(request, read, presentToken) };
      },
    },
    {
      method: 'GET',
      path: itemPath,
      action: `${tokenType}/read`,
      handle: (request) => ({ status: 200, body: presentToken(requireToken(request)) }),
    },
    {
      method: 'PUT',
      path: itemPath,
      action: `${tokenType}/write`,
      handle: (request) => {
        const registry = requireRegistry(resources, request);
        const name = request.params.tokenName!;
        if (!/^[a-z0-9-]{5,50}$/i.test(name)) {
          throw childNameInvalid(name, 'alpha numeric characters and hyphens');
        }
        const id = tokenId(registry.id, name);
        const existing = resources.get<TokenBody>(id);
        const passwords = existing?.body.properties.passwords ?? [];
        const { scopeMapId, ...wanted } = readToken(resources, registry, request.body, passwords);
        if (!scopeMapId) throw scopeMapRequired();
        if (!existing) checkQuota(registry);
        const record = put(id, { status: 'enabled', passwords, ...wanted, scopeMapId });
        return { status: existing ? 200 : 201, body: presentToken(record) };
      },
    },
    {
      method: 'PATCH',
      path: itemPath,
      action: `${tokenType}/write`,
      handle: (request) => {
        const registry = requireRegistry(resources, request);
        const { id, body } = requireToken(request);
        const wanted = readToken(resources, registry, request.body, body.properties.passwords);
        return { status: 200, body: presentToken(put(id, { ...body.properties, ...wanted })) };
      },
    },
    {
      method: 'DELETE',
      path: itemPath,
      action: `${tokenType}/delete`,
      handle: (request) => ({ status: resources.delete(idOf(request)) ? 200 : 204 }),
    },
    {
      method: 'POST',
      path: `${registryPath}/generateCredentials`,
      action: `${registryType}/generateCredentials/action`,
      handle: (request) => {
        const registry = requireRegistry(resources, request);
        const { tokenId: wanted, names, expiry } = readGenerateCredentials(request.body);
        const token = resources.get<TokenBody>(tokenId(registry.id, resourceName(wanted)));
        if (!token || !sameId(token.id, wanted)) throw tokenUnknown(wanted);

        const now = clock.now();
        const made = names.map((name) => makePassword(name, now, expiry));
        const { properties } = token.body;
        const passwords = replacePasswords(
          properties.passwords,
          made.map(({ kept }) => kept),
        );
        put(token.id, { ...properties, passwords });
        return {
          status: 200,
          body: {
            username: resourceName(token.id),
            passwords: made.map(({ kept, value }) => ({ ...presentPassword(kept), value })),
          },
        };
      },
    },
  ];
}
