import type { ServicePrincipal } from '../src/entra/entra.ts';
import { startTenant } from './tenant.ts';

/** A tenant with a directory admin, and calls to Microsoft Graph over the wire. */
export async function startGraph() {
  const tenant = await startTenant();
  const { principal: admin } = tenant.entra.principals.createApplication('admin', { isDirectoryAdmin: true });

  async function call(
    method: string,
    path: string,
    { body, as = admin, version = 'v1.0' }: { body?: unknown; as?: ServicePrincipal; version?: string } = {},
  ) {
    const { token } = await tenant.entra.issueToken(as.id, 'https://graph.microsoft.com/');
    return tenant.ask('graph', `/${version}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return {
    ...tenant,
    admin,
    call,
    /** Status and code of a refusal. */
    async refusal(...args: Parameters<typeof call>) {
      const { status, body } = await call(...args);
      return [status, body.error?.code];
    },
    /** The items that a filter finds. */
    async find(collection: string, filter: string) {
      const { status, body } = await call('GET', `/${collection}?$filter=${encodeURIComponent(filter)}`);
      return status === 200 ? body.value : body.error.code;
    },
    async end() {
      await tenant.close();
      tenant.db.close();
    },
  };
}

export type GraphCaller = Awaited<ReturnType<typeof startGraph>>;
