import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import { inTransaction } from './transaction.ts';

/** The parts of a resource that every provider shares; `properties` is the provider's own. */
export interface ResourceBody {
  location?: string;
  tags?: Record<string, string>;
  kind?: string;
  sku?: Record<string, unknown>;
  identity?: Record<string, unknown>;
  properties: Record<string, unknown>;
}

export interface ResourceRecord<Body extends ResourceBody = ResourceBody> {
  /** As its first writer spelled it. */
  id: string;
  /** Lower-case, such as `microsoft.web/sites/slots`. */
  type: string;
  body: Body;
  etag: string;
  createdOn: number;
  changedOn: number;
}

/** Of a list: at most `limit` (-1: all), those that come after the id `after`. */
export interface ListPart {
  limit: number;
  after?: string | undefined;
}

/** The whole of a list. */
export const everything: ListPart = { limit: -1 };

/** Every resource that Resource Manager knows, by id. Ids are compared without case. */
export interface Resources {
  get<Body extends ResourceBody = ResourceBody>(id: string): ResourceRecord<Body> | undefined;
  /** The resource that answers at a host name, by index. Host names are compared without case. */
  getByHostName<Body extends ResourceBody = ResourceBody>(hostName: string): ResourceRecord<Body> | undefined;
  /** Those whose `properties.serverFarmId` is this id, by index, in order of their ids: at most `limit`. */
  ofServerFarm<Body extends ResourceBody = ResourceBody>(
    serverFarmId: string,
    limit?: number,
  ): ResourceRecord<Body>[];
  /**
   * Creates or replaces. Keeps the first spelling of the id and the time of creation, and the host name that it was
   * created with; no two resources can have the same.
   */
  put<Body extends ResourceBody>(
    id: string,
    type: string,
    body: Body,
    hostName?: string,
  ): ResourceRecord<Body>;
  /** Removes the resource and all below it; false when there was none. */
  delete(id: string): boolean;
  /** Resources of these types at any depth below `under`, in order of their ids: all of them, or a part. */
  list<Body extends ResourceBody = ResourceBody>(
    under: string,
    type: string | readonly string[],
    part?: ListPart,
  ): ResourceRecord<Body>[];
  /** Resources of one type wherever they are. */
  all<Body extends ResourceBody = ResourceBody>(type: string): ResourceRecord<Body>[];
  /** Runs `work` as one transaction: all of it is kept, or nothing. */
  transaction<T>(work: () => T): T;
}

interface Row {
  id: string;
  type: string;
  body: string;
  etag: string;
  created_on: number;
  changed_on: number;
}

const columns = 'id, type, body, etag, created_on, changed_on';

const toRecord = <Body extends ResourceBody>(row: Row): ResourceRecord<Body> => ({
  id: row.id,
  type: row.type,
  body: JSON.parse(row.body) as Body,
  etag: row.etag,
  createdOn: row.created_on,
  changedOn: row.changed_on,
});

export function createResources(db: Database, clock: Clock): Resources {
  const select = db.prepare(`SELECT ${columns} FROM resources WHERE key = ?`);
  const upsert = db.prepare(`
    INSERT INTO resources (key, id, type, body, etag, created_on, changed_on, host_name)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET body = excluded.body, etag = excluded.etag, changed_on = excluded.changed_on
    RETURNING ${columns}`);
  const selectByHostName = db.prepare(`SELECT ${columns} FROM resources WHERE host_name = ?`);
  const first = <Body extends ResourceBody>(row: unknown) => (row ? toRecord<Body>(row as Row) : undefined);
  // '0' is the character after '/', so this is the range of everything below the key.
  const remove = db.prepare(`DELETE FROM resources WHERE key = ?1 OR (key >= ?1 || '/' AND key < ?1 || '0')`);
  const part = `key >= ?1 || '/' AND key < ?1 || '0' AND key > ?3 ORDER BY key LIMIT ?4`;
  const below = db.prepare(`SELECT ${columns} FROM resources WHERE type = ?2 AND ${part}`);
  // By the primary key, since an index by type would have to sort what it finds.
  const belowOfTypes = db.prepare(
    `SELECT ${columns} FROM resources NOT INDEXED WHERE type IN (SELECT value FROM json_each(?2)) AND ${part}`,
  );
  const ofServerFarm = db.prepare(`
    SELECT ${columns} FROM resources
    WHERE lower(body ->> '$.properties.serverFarmId') = ? AND body ->> '$.properties.serverFarmId' IS NOT NULL
    ORDER BY key LIMIT ?`);
  const ofType = db.prepare(`SELECT ${columns} FROM resources WHERE type = ? ORDER BY key`);

  return {
    get: (id) => first(select.get(id.toLowerCase())),
    getByHostName: (hostName) => first(selectByHostName.get(hostName.toLowerCase())),
    put: (id, type, body, hostName) => {
      const now = clock.now();
      const keys = [id.toLowerCase(), id, type.toLowerCase()];
      const values = [JSON.stringify(body), randomUUID(), now, now, hostName?.toLowerCase() ?? null];
      return toRecord(upsert.get(...keys, ...values) as Row);
    },
    delete: (id) => remove.run(id.toLowerCase()).changes > 0,
    list: (under, type, { limit, after = '' } = everything) => {
      const bounds = [after.toLowerCase(), limit];
      const rows =
        typeof type === 'string'
          ? below.all(under.toLowerCase(), type.toLowerCase(), ...bounds)
          : belowOfTypes.all(under.toLowerCase(), JSON.stringify(type).toLowerCase(), ...bounds);
      return (rows as Row[]).map((row) => toRecord(row));
    },
    ofServerFarm: (serverFarmId, limit = -1) =>
      (ofServerFarm.all(serverFarmId.toLowerCase(), limit) as Row[]).map((row) => toRecord(row)),
    all: (type) => (ofType.all(type.toLowerCase()) as Row[]).map((row) => toRecord(row)),
    transaction: (work) => inTransaction(db, work),
  };
}
