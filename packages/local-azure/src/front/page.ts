import type { HttpHandler } from '../http-handler.ts';

/** The page for people who open the proxy's address in a browser. */
export const createPage =
  (describe: () => { dataDir: string; sites: string[]; port: number }): HttpHandler =>
  (request, response) => {
    const { dataDir, sites, port } = describe();
    const text = `local-azure: an Azure for this machine only.

This port is an HTTP proxy. It answers for Azure's own host names (management.azure.com,
login.microsoftonline.com, graph.microsoft.com, *.azurecr.io, *.azurewebsites.net), and only for clients that
are told to use it and to trust its certificate authority:

  local-azure exec -- az group list      runs one command under those settings
  local-azure env                        prints the settings for a shell
  local-azure status                     shows what runs

State is kept in ${dataDir}

Sites, to open in a browser:
${sites.map((site) => `  http://${site}.localhost:${port}/`).join('\n') || '  none yet'}
`;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
