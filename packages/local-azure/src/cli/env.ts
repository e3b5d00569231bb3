import { basename } from 'node:path';
import { divertingVariables } from '../settings.ts';
import { clientEnv } from './client-env.ts';

type Shell = 'sh' | 'fish' | 'powershell';

/** How each shell sets and unsets a variable. */
const syntax: Record<Shell, { set(name: string, value: string): string; unset(name: string): string }> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
};

/** `local-azure env` */
export async function env(options: { dataDir: string; shell?: Shell; json?: boolean }): Promise<void> {
  const { settings } = await clientEnv(options.dataDir);
  if (options.json) console.log(JSON.stringify(settings, undefined, 2));
  else console.log(render(settings, options.shell ?? usualShell()));
}

/** The lines that a shell evaluates. */
export function render(settings: Record<string, string>, shell: Shell): string {
  const { set, unset } = syntax[shell];
  return [
    ...divertingVariables.map(unset),
    ...Object.entries(settings).map(([name, value]) => set(name, value)),
    '# az signs in once: az login --service-principal --tenant $AZURE_TENANT_ID -u $AZURE_CLIENT_ID -p $AZURE_CLIENT_SECRET',
  ].join('\n');
}

function usualShell(): Shell {
  if (process.platform === 'win32') return 'powershell';
  return basename(process.env.SHELL ?? '') === 'fish' ? 'fish' : 'sh';
}
