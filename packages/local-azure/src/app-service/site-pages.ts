import type { ServerResponse } from 'node:http';

/** The pages that the platform's front ends show in place of a site. */
function page(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
}

/** The container could not be started. Its wording is what people search for. */
export const applicationError = (response: ServerResponse, scmHost: string) =>
  page(
    response,
    503,
    `<div style="display: block; margin: auto; width: 600px; height: 500px; text-align: center; font-family: 'Courier', cursive, sans-serif;">` +
      `<h1 style="color: 747474">:( Application Error</h1><p style="color:#666">If you are the application administrator, ` +
      `you can access the <a style="color: grey" href="https://${scmHost}/detectors">diagnostic resources</a>.</p></div>`,
    { 'retry-after': '60' },
  );

export const siteStopped = (response: ServerResponse) =>
  page(
    response,
    403,
    '<!DOCTYPE html><title>Web App - Unavailable</title><h1>Error 403 - This web app is stopped.</h1>\n',
  );

export const siteNotFound = (response: ServerResponse) =>
  page(
    response,
    404,
    '<!DOCTYPE html><title>404 Web Site not found.</title><h1>404 Web Site not found.</h1>\n',
  );

export const badGateway = (response: ServerResponse) =>
  page(
    response,
    502,
    '<!DOCTYPE html><title>502 Bad Gateway</title><h1>502 - The web app did not answer.</h1>\n',
  );

export const gatewayTimeout = (response: ServerResponse) =>
  page(response, 504, '<!DOCTYPE html><title>504.0 GatewayTimeout</title><h1>504.0 GatewayTimeout</h1>\n');
