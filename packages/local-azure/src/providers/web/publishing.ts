import type { SiteRecord } from './model.ts';
import { newPublishingPassword, publishingUserName } from './publishing-user.ts';
import { publishingPassword } from './site-documents.ts';
import { hostName, scmHostName, siteNameOf, workerName } from './site-names.ts';
import { presentDocument, type SiteOperation } from './site-operations.ts';
import type { WebContext } from './sites.ts';

/** Publishing credentials: what `az webapp log tail` signs in with. */
export function publishingOperations({ documents }: WebContext): SiteOperation[] {
  const passwordOf = ({ id }: SiteRecord) => documents.read(id, publishingPassword).password;

  return [
    {
      method: 'POST',
      path: '/config/publishingcredentials/list',
      action: 'config/list/Action',
      handle: (site) => {
        const user = publishingUserName(site.id);
        const password = passwordOf(site);
        const scm = scmHostName(siteNameOf(site.id));
        const properties = {
          name: null,
          publishingUserName: user,
          publishingPassword: password,
          publishingPasswordHash: null,
          publishingPasswordHashSalt: null,
          metadata: null,
          isDeleted: false,
          scmUri: `https://${encodeURIComponent(user)}:${password}@${scm}`,
        };
        return { status: 200, body: presentDocument(site, 'config/publishingcredentials', properties, user) };
      },
    },
    {
      method: 'POST',
      path: '/newpassword',
      action: 'newpassword/Action',
      handle: ({ id }) => {
        documents.write(id, publishingPassword, newPublishingPassword());
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: '/publishxml',
      action: 'publishxml/Action',
      handle: (site) => ({
        status: 200,
        headers: { 'content-type': 'application/xml; charset=utf-8' },
        body: publishXml(site, passwordOf(site)),
      }),
    },
  ];
}

/** Source: learn.microsoft.com/visualstudio/deployment/tutorial-import-publish-settings-azure */
function publishXml({ id }: SiteRecord, password: string): string {
  const name = siteNameOf(id);
  const site = workerName(name);
  const scm = scmHostName(name);
  const user = publishingUserName(id);
  const profile = (kind: string, method: string, url: string, userName: string) =>
    element('publishProfile', {
      profileName: `${site} - ${kind}`,
      publishMethod: method,
      publishUrl: url,
      msdeploySite: site,
      userName,
      userPWD: password,
      destinationAppUrl: `http://${hostName(name)}`,
      SQLServerDBConnectionString: '',
      mySQLDBConnectionString: '',
      hostingProviderForumLink: '',
      controlPanelLink: 'https://portal.azure.com',
      webSystem: 'WebSites',
    });
  const profiles = [
    profile('Web Deploy', 'MSDeploy', `${scm}:443`, user),
    profile('Zip Deploy', 'ZipDeploy', `${scm}:443`, user),
    // There is no FTP server; the profile is listed since clients look for it.
    profile('FTP', 'FTP', `ftps://${hostName(name)}/site/wwwroot`, `${site}\\${user}`),
  ];
  return `<publishData>${profiles.join('')}</publishData>`;
}

function element(name: string, attributes: Record<string, string>): string {
  const quote = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${quote(value)}"`);
  return `<${name}${text.join('')}><databases /></${name}>`;
}
