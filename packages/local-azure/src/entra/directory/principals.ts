import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';
import type { Principal, ServicePrincipal, User } from '../entra.ts';

type OfKind<Kind extends Principal['kind']> = Extract<Principal, { kind: Kind }>;
/** Of a union, each member without these. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

export type NewPrincipal = Without<Principal, 'id' | 'createdOn'>;

/** The service principals, users and groups of the tenant. Ids and names are compared without case. */
export interface PrincipalStore {
  get(id: string): Principal | undefined;
  getServicePrincipal(id: string): ServicePrincipal | undefined;
  getByAppId(appId: string): ServicePrincipal | undefined;
  getByUserPrincipalName(name: string): User | undefined;
  list<Kind extends Principal['kind']>(...kinds: Kind[]): OfKind<Kind>[];
  create<New extends NewPrincipal>(principal: New): New & Pick<Principal, 'id' | 'createdOn'>;
  /** Replaces the one of this id. */
  update(principal: Principal): void;
  delete(id: string): void;
}

export function createPrincipalStore(db: Database, clock: Clock): PrincipalStore {
  const byId = db.prepare('SELECT body FROM principals WHERE id = ?');
  const byAppId = db.prepare('SELECT body FROM principals WHERE app_id = ?');
  const byName = db.prepare('SELECT body FROM principals WHERE user_principal_name = ?');
  const ofKinds = db.prepare(
    'SELECT body FROM principals WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY id',
  );
  const upsert = db.prepare(`
    INSERT INTO principals (id, kind, app_id, user_principal_name, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET user_principal_name = excluded.user_principal_name, body = excluded.body`);
  const remove = db.prepare('DELETE FROM principals WHERE id = ?');

  const parse = <T extends Principal>(row: unknown) => JSON.parse((row as { body: string }).body) as T;
  const find = <T extends Principal>(row: unknown) => (row ? parse<T>(row) : undefined);
  const put = (principal: Principal) => {
    const appId = 'appId' in principal ? principal.appId : null;
    const name = principal.kind === 'User' ? principal.userPrincipalName.toLowerCase() : null;
    upsert.run(principal.id, principal.kind, appId, name, JSON.stringify(principal));
  };
  const get = (id: string) => find(byId.get(id.toLowerCase()));

  return {
    get,
    getServicePrincipal: (id) => {
      const principal = get(id);
      return principal && 'appId' in principal ? principal : undefined;
    },
    getByAppId: (appId) => find(byAppId.get(appId.toLowerCase())),
    getByUserPrincipalName: (name) => find(byName.get(name.toLowerCase())),
    list: <Kind extends Principal['kind']>(...kinds: Kind[]) =>
      ofKinds.all(JSON.stringify(kinds)).map((row) => parse<OfKind<Kind>>(row)),
    create: (principal) => {
      const created = { ...principal, id: randomUUID(), createdOn: clock.now() };
      put(created as Principal);
      return created;
    },
    update: put,
    delete: (id) => {
      remove.run(id.toLowerCase());
    },
  };
}
