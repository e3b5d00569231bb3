import type { HttpHandler } from '../http-handler.ts';
import type { RegistryPort } from './registry-ports.ts';

/** What the running instance says of itself at the proxy's own address. */
export interface Overview {
  dataDir: string;
  port: number;
  registries: RegistryPort[];
  /** The first labels of the sites' hosts. */
  sites: string[];
  /** The faults that are set. */
  faults: string[];
}

/** The page for people who open the proxy's address in a browser; for programs that accept JSON alone, the data. */
export const createPage =
  (describe: () => Overview): HttpHandler =>
  (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const wantsJson = request.headers.accept === 'application/json';
    const body = wantsJson ? JSON.stringify(describe()) : toText(describe());
    response.writeHead(200, {
      'Content-Type': `${wantsJson ? 'application/json' : 'text/plain'}; charset=utf-8`,
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

const lines = (all: string[]) => all.map((line) => `  ${line}`).join('\n') || '  none yet';

const toText = ({
  dataDir,
  port,
  registries,
  sites,
  faults,
}: Overview) => `local-azure: an Azure for this machine only.

This port is an HTTP proxy. It answers for Azure's own host names (management.azure.com,
login.microsoftonline.com, graph.microsoft.com, *.azurecr.io, *.azurewebsites.net), and only for clients that
are told to use it and to trust its certificate authority:

  local-azure exec -- az group list      runs one command under those settings
  local-azure env                        prints the settings for a shell
  local-azure status                     shows what runs

State is kept in ${dataDir}

Sites, to open in a browser:
${lines(sites.map((site) => `http://${site}.localhost:${port}/`))}

Registries, for Docker without any settings:
${lines(registries.map(({ loginServer, port }) => `127.0.0.1:${port}/<repository>:<tag>   ${loginServer}`))}

Faults that were asked for:
${lines(faults)}
`;
