import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Clock } from '../../clock.ts';
import type { LogFile } from '../log/site-log.ts';
import { zipLogs } from '../log/zip-logs.ts';
import { json, type KuduRoute } from './route.ts';

/** Source: Azure-App-Service/KuduLite Kudu.Services/Diagnostics/DiagnosticsController.cs */
export function logDownloadRoutes({ clock }: { clock: Clock }): KuduRoute[] {
  const sendZip = (response: ServerResponse, name: string, files: readonly LogFile[], folder?: string) => {
    const time = new Date(clock.now()).toISOString().slice(5, 19).replace(/[T:]/g, '-');
    response.writeHead(200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename=${name}-${time}.zip`,
    });
    // A reader that goes before the end is no fault.
    pipeline(zipLogs(files, folder), response, () => {});
  };

  return [
    {
      methods: ['GET'],
      path: /^\/api\/logs\/docker\/?$/i,
      handle: ({ request, response, log }) =>
        json(
          response,
          currentFiles(log.files()).map(({ name, size, modifiedOn }) => ({
            machineName: sourceOf(name),
            lastUpdated: new Date(modifiedOn).toISOString(),
            size,
            href: `https://${request.headers.host}/api/vfs/LogFiles/${name}`,
            path: `/home/LogFiles/${name}`,
          })),
        ),
    },
    {
      methods: ['GET'],
      path: /^\/api\/logs\/docker\/zip\/?$/i,
      handle: ({ response, log }) => sendZip(response, 'dockerlogs', currentFiles(log.files())),
    },
    {
      path: /^\/(?:api\/)?dump\/?$/i,
      handle: ({ response, log }) => sendZip(response, 'dump', log.files(), 'LogFiles/'),
    },
  ];
}

/** The machine, with `_default` for the container's output. */
const sourceOf = (name: string) => name.slice('2026_11_23_'.length, -'_docker.log'.length);

/** Of each source the newest file, and not the rolled ones. */
function currentFiles(files: readonly LogFile[]): LogFile[] {
  const current = new Map<string, LogFile>();
  const unrolled = files.filter(({ name }) => /^\d{4}_\d\d_\d\d_.*_docker\.log$/.test(name));
  for (const file of unrolled) {
    const known = current.get(sourceOf(file.name));
    if (!known || known.name < file.name) current.set(sourceOf(file.name), file);
  }
  return [...current.values()];
}
