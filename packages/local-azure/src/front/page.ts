import { pageHeaders, renderPage, toHtml } from '../html-page.ts';
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

/**
 * The proxy's own address: a page for browsers, the same as text for whoever asks without saying what for, and the data
 * for programs that accept JSON alone.
 */
export const createPage =
  (describe: () => Overview): HttpHandler =>
  (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const { headers, body } = present(describe(), request.headers.accept ?? '');
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

function present(overview: Overview, accept: string): { headers: Record<string, string>; body: string } {
  if (accept === 'application/json') {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { headers, body: JSON.stringify(overview) };
  }
  if (accept.includes('text/html')) return { headers: pageHeaders, body: toPage(overview) };
  return { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: toText(overview) };
}

const siteUrl = (site: string, port: number) => `http://${site}.localhost:${port}/`;
const imageName = ({ port }: RegistryPort) => `127.0.0.1:${port}/<repository>:<tag>`;

const toPage = ({ dataDir, port, registries, sites, faults }: Overview) =>
  renderPage({
    title: 'local-azure',
    style: `body { max-width: 44rem; }
  table { border-collapse: collapse; }
  th, td { text-align: left; padding: .1rem 1.5rem .1rem 0; font-weight: normal; vertical-align: top; }
  code { font: .9em ui-monospace, monospace; }`,
    main: `<p>An Azure for this machine only.</p>
<h2>Sites</h2>
${list(sites.map((site) => `<a href="${toHtml(siteUrl(site, port))}">${toHtml(site)}</a>`))}
<h2>Registries</h2>
<p>For Docker without any settings.</p>
${rows(registries.map((registry) => [registry.loginServer, imageName(registry)]))}
<h2>Faults that were asked for</h2>
${list(faults.map((fault) => `<code>${toHtml(fault)}</code>`))}
<h2>How clients find it</h2>
<p>This port is an HTTP proxy. It answers for Azure's own host names, and only for clients that are told to use it and
to trust its certificate authority:</p>
${rows([
  ['local-azure exec -- az group list', 'runs one command under those settings'],
  ['local-azure env', 'prints the settings for a shell'],
  ['local-azure status', 'shows what runs'],
])}
<p>State is kept in <code>${toHtml(dataDir)}</code>.</p>`,
  });

const none = '<p>None yet.</p>';
const list = (items: string[]) =>
  items.length === 0 ? none : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
const rows = (all: [string, string][]) =>
  all.length === 0
    ? none
    : `<table>${all
        .map(
          ([name, text]) =>
            `<tr><th scope="row"><code>${toHtml(name)}</code></th><td>${toHtml(text)}</td></tr>`,
        )
        .join('')}</table>`;

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
${lines(sites.map((site) => siteUrl(site, port)))}

Registries, for Docker without any settings:
${lines(registries.map((registry) => `${imageName(registry)}   ${registry.loginServer}`))}

Faults that were asked for:
${lines(faults)}
`;
