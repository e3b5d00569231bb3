import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program is on the PATH. In CI a missing one is an error of the set-up, so nothing is skipped there. */
export function missing(...programs: string[]): string | undefined {
  if (process.env.CI) return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.find((program) => !folders.some((folder) => existsSync(join(folder, program))));
}
