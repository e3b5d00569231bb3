import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../user-error.ts';

/** What lies where in the folder that holds all the state of one local Azure. */
export interface DataDir {
  path: string;
  /** Locked by the running instance: see `lock.ts`. */
  lock: string;
  database: string;
  caCertificate: string;
  caKey: string;
  /** The first service principal, with its secret. */
  credentials: string;
  /** Where the running instance answers. */
  instance: string;
  /** The output of an instance that runs in the background. */
  log: string;
  /** The private configuration folder of `az`. */
  azureConfig: string;
  /** Blobs of the registries, by digest. */
  blobs: string;
  /** What App Service keeps: pulled images, logs, unpacked containers. */
  appService: string;
}

export function dataDir(path: string): DataDir {
  const root = resolve(path);
  const at = (name: string) => join(root, name);
  return {
    path: root,
    lock: at('lock'),
    database: at('state.db'),
    caCertificate: at('ca.pem'),
    caKey: at('ca-key.pem'),
    credentials: at('credentials.json'),
    instance: at('instance.json'),
    log: at('local-azure.log'),
    azureConfig: at('azure-config'),
    blobs: at('blobs'),
    appService: at('app-service'),
  };
}

/** Makes the folder, open to its owner only. Refuses one that holds something else, or that cannot be written in. */
export function createDataDir(path: string): DataDir {
  const dir = dataDir(path);
  try {
    mkdirSync(dir.path, { recursive: true, mode: 0o700 });
    if (readdirSync(dir.path).length > 0 && !holdsState(dir)) throw holdsOtherFiles(dir);
    chmodSync(dir.path, 0o700);
    writeFileSync(dir.lock, '', { flag: 'a', mode: 0o600 });
    return dir;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The folder ${dir.path} cannot be used: ${(error as Error).message}.`,
      'Choose another with --data-dir.',
    );
  }
}

/**
 * Whether the folder is ours. The lock file marks it from before anything else is in it; the database does as well,
 * since a lock file looks like something to delete.
 */
export const holdsState = (dir: DataDir): boolean => existsSync(dir.lock) || existsSync(dir.database);

const holdsOtherFiles = (dir: DataDir) =>
  new UserError(
    `The folder ${dir.path} holds files that are not local-azure's.`,
    'Choose an empty or a new folder with --data-dir.',
  );

/** `LOCAL_AZURE_DATA_DIR`, or where the platform keeps a user's data. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.LOCAL_AZURE_DATA_DIR) return env.LOCAL_AZURE_DATA_DIR;
  switch (platform()) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'local-azure');
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'local-azure');
    default:
      return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'local-azure');
  }
}
