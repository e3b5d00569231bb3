import { badRequest } from './azure-error.ts';

/** Source: MicrosoftDocs/azure-docs articles/azure-resource-manager/troubleshooting/error-reserved-resource-name.md */
const reserved = new Set(
  (
    'access app_code app_themes app_data app_globalresources app_localresources app_webreferences app_browsers azure ' +
    'bing bizspark biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv kinect lync ' +
    'msdn o365 office office365 onedrive onenote outlook powerpoint sharepoint skype visio visualstudio web.config xbox'
  ).split(' '),
);
const anywhere = /microsoft|windows/;

/** Throws for a name that no resource with a host name may have; to be asked when it is made. */
export function checkReservedName(name: string): void {
  const given = name.toLowerCase();
  if (!reserved.has(given) && !anywhere.test(given) && !given.startsWith('login')) return;
  throw badRequest(
    'ReservedResourceName',
    `The resource name '${name}' or a part of the name is a trademarked or reserved word.`,
  );
}
