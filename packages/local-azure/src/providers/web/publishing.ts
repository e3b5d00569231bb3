import type { SiteRecord } from './model.ts';
import { newPublishingPassword, publishingUserName } from './publishing-user.ts';
import { publishingPassword, publishingPolicies } from './site-documents.ts';
import { hostName, scmHostName, siteNameOf, workerName } from './site-names.ts';
import { presentDocument, type SiteOperation } from './site-operations.ts';
import type { WebContext } from './sites.ts';

interface User {
  name: string;
  password: string;
}

/**
 * What stands in the place of a user that may not sign in. Whoever takes it, as Deployment Center does for a webhook,
 * keeps it, also when basic authentication is turned on later (catalogue, cause F3). Seen in publishing profiles and
 * webhook URLs that users show.
 */
const redacted: User = { name: 'REDACTED', password: 'REDACTED' };

/** Publishing credentials: what `az webapp log tail` signs in with. */
export function publishingOperations({ documents }: WebContext): SiteOperation[] {
  const userOf = ({ id }: SiteRecord, service: keyof typeof publishingPolicies): User =>
    documents.read(id, publishingPolicies[service]).allow
      ? { name: publishingUserName(id), password: documents.read(id, publishingPassword).password }
      : redacted;

  return [
    {
      method: 'POST',
      path: '/config/publishingcredentials/list',
      action: 'config/list/Action',
      handle: (site) => {
        const { name, password } = userOf(site, 'scm');
        const scm = scmHostName(siteNameOf(site.id));
        const properties = {
          name: null,
          publishingUserName: name,
          publishingPassword: password,
          publishingPasswordHash: null,
          publishingPasswordHashSalt: null,
          metadata: null,
          isDeleted: false,
          scmUri: `https://${name}:${password}@${scm}`,
        };
        return {
          status: 200,
          body: presentDocument(
            site,
            'config/publishingcredentials',
            properties,
            publishingUserName(site.id),
          ),
        };
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
        body: publishXml(site, userOf(site, 'scm'), userOf(site, 'ftp')),
      }),
    },
  ];
}

/** Source: learn.microsoft.com/visualstudio/deployment/tutorial-import-publish-settings-azure */
function publishXml({ id }: SiteRecord, scmUser: User, ftpUser: User): string {
  const name = siteNameOf(id);
  const site = workerName(name);
  const scm = `${scmHostName(name)}:443`;
  const profile = (
    kind: string,
    method: string,
    url: string,
    user: User,
    more: Record<string, string> = {},
  ) =>
    element('publishProfile', {
      profileName: `${site} - ${kind}`,
      publishMethod: method,
      publishUrl: url,
      ...more,
      userName: user.name,
      userPWD: user.password,
      destinationAppUrl: `http://${hostName(name)}`,
      SQLServerDBConnectionString: user === redacted ? redacted.password : '',
      mySQLDBConnectionString: '',
      hostingProviderForumLink: '',
      controlPanelLink: 'https://portal.azure.com',
      webSystem: 'WebSites',
    });
  // There is no FTP server; the profile is listed since clients look for it.
  const ftp = ftpUser === redacted ? redacted : { ...ftpUser, name: `${site}\\${ftpUser.name}` };
  const profiles = [
    profile('Web Deploy', 'MSDeploy', scm, scmUser, { msdeploySite: site }),
    profile('FTP', 'FTP', `ftps://${hostName(name)}/site/wwwroot`, ftp, { ftpPassiveMode: 'True' }),
    profile('Zip Deploy', 'ZipDeploy', scm, scmUser),
  ];
  return `<publishData>${profiles.join('')}</publishData>`;
}

function element(name: string, attributes: Record<string, string>): string {
  const quote = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${quote(value)}"`);
  return `<${name}${text.join('')}><databases /></${name}>`;
}
