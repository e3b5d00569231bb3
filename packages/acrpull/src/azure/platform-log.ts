import type { SiteFacts } from '../pull-path/snapshot.ts';
import type { Azure } from './azure.ts';
import { kuduRefusal } from './kudu-refusal.ts';
import { apiVersions } from './resource-manager.ts';

/**
 * The last lines of the platform's log, by Resource Manager: also where the scm host lets nobody in. Which of several
 * machines wrote a line is not told.
 */
export const readContainerLog = (
  { resourceManager }: Pick<Azure, 'resourceManager'>,
  site: Pick<SiteFacts, 'id'>,
): Promise<string> => resourceManager.text('POST', `${site.id}/containerlogs`, apiVersions.web);

export interface MachineLog {
  machineName: string;
  text: string;
}

/**
 * The platform's log of each machine that has run the site of late. All of them write into one folder, whichever
 * machine Kudu is on.
 *
 * Source: Azure-App-Service/KuduLite DiagnosticsController.cs, GetDockerLogs: of `<date>_<machine>_docker.log` the
 * middle part; in the names of other logs, such as the container's output, something follows the machine.
 */
export async function readMachineLogs(
  { authenticated }: Pick<Azure, 'authenticated'>,
  site: Pick<SiteFacts, 'scmHostName'>,
): Promise<MachineLog[]> {
  const get = async (url: string) => {
    const response = await authenticated('GET', url);
    if (response.status !== 200) throw kuduRefusal(response.status, 'log files', url);
    return response.bodyAsText ?? '';
  };
  const list = `https://${site.scmHostName}/api/logs/docker`;
  const files = parseFiles(await get(list));
  if (!files) throw kuduRefusal(200, 'log files', list);
  const platform = files.filter(({ machineName }) => !machineName.includes('_'));
  return Promise.all(
    platform.map(async ({ machineName, href }) => ({
      machineName,
      // Of the link only the path counts: the token is for this host and no other.
      text: await get(`https://${site.scmHostName}${new URL(href, list).pathname}`),
    })),
  );
}

function parseFiles(text: string): { machineName: string; href: string }[] | undefined {
  try {
    const files = JSON.parse(text);
    return Array.isArray(files) ? files : undefined;
  } catch {
    return undefined;
  }
}
