import { dataDir, defaultDataDir } from '../store/data-dir.ts';

/** A command to show to the user: names the folder when it is not the usual one, so that it can be copied as it is. */
export function commandLine(command: string, folder: string, rest = ''): string {
  const usual = dataDir(defaultDataDir()).path === folder;
  const quoted = /^[\w./~+-]+$/.test(folder) ? folder : `"${folder}"`;
  return `local-azure ${command}${usual ? '' : ` --data-dir ${quoted}`}${rest && ` ${rest}`}`;
}
