import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../store/database.ts';

/** What is registered once, and has a service principal in the tenant when it is to sign in there. */
export interface Application {
  id: string;
  appId: string;
  displayName: string;
  createdOn: number;
}

export interface Applications {
  get(id: string): Application | undefined;
  getByAppId(appId: string): Application | undefined;
  all(): Application[];
  create(displayName: string): Application;
  rename(id: string, displayName: string): void;
  delete(id: string): void;
}

const columns = 'id, app_id AS appId, display_name AS displayName, created_on AS createdOn';

export function createApplications(db: Database, clock: Clock): Applications {
  const byId = db.prepare(`SELECT ${columns} FROM applications WHERE id = ?`);
  const byAppId = db.prepare(`SELECT ${columns} FROM applications WHERE app_id = ?`);
  const every = db.prepare(`SELECT ${columns} FROM applications ORDER BY id`);
  const insert = db.prepare(
    `INSERT INTO applications (id, app_id, display_name, created_on) VALUES (?, ?, ?, ?) RETURNING ${columns}`,
  );
  const rename = db.prepare('UPDATE applications SET display_name = ?2 WHERE id = ?1');
  const remove = db.prepare('DELETE FROM applications WHERE id = ?');

  return {
    get: (id) => byId.get(id.toLowerCase()) as Application | undefined,
    getByAppId: (appId) => byAppId.get(appId.toLowerCase()) as Application | undefined,
    all: () => every.all() as Application[],
    create: (displayName) => insert.get(randomUUID(), randomUUID(), displayName, clock.now()) as Application,
    rename: (id, displayName) => {
      rename.run(id, displayName);
    },
    delete: (id) => {
      remove.run(id);
    },
  };
}
