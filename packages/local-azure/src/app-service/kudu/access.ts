import { parseBasic } from '../../basic-auth.ts';
import { appServiceAudiences, managementAudiences } from '../../entra/audiences.ts';
import { type Entra, TokenRefused } from '../../entra/entra.ts';
import type { Access } from '../../resource-manager/access.ts';
import { sameSecret } from '../../secret.ts';
import type { Publishing } from '../site.ts';

export type KuduAccess = (
  authorization: string | undefined,
  siteId: string,
  publishing: Publishing | undefined,
) => Promise<'allowed' | 'unauthorized' | 'forbidden'>;

/** Newer clients ask for a token of App Service's own. */
const audiences = [...managementAudiences, ...appServiceAudiences];

export interface KuduAccessOptions {
  entra: Entra;
  access: Access;
}

/** Who may use a site's Kudu: the site's own publishing user, or a principal with the right to publish. */
export function createKuduAccess({ entra, access }: KuduAccessOptions): KuduAccess {
  return async (authorization, siteId, publishing) => {
    const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(authorization ?? '') ?? [];
    if (scheme.toLowerCase() === 'basic') {
      return publishing?.allowed && isPublisher(value, publishing) ? 'allowed' : 'unauthorized';
    }
    if (scheme.toLowerCase() !== 'bearer') return 'unauthorized';
    const claims = await entra.verifyToken(value, audiences).catch((error) => {
      if (error instanceof TokenRefused) return undefined;
      throw error;
    });
    if (!claims) return 'unauthorized';
    return access.allowed(claims.oid, publishAction(siteId), siteId) ? 'allowed' : 'forbidden';
  };
}

/** Source: MicrosoftDocs/azure-docs articles/app-service/resources-kudu.md */
const publishAction = (siteId: string) =>
  /\/slots\/[^/]+$/i.test(siteId)
    ? 'Microsoft.Web/sites/slots/publish/Action'
    : 'Microsoft.Web/sites/publish/Action';

/** `$app` and, for clients that qualify it with the site, `app\$app`. */
function isPublisher(encoded: string, { userName, password }: Publishing): boolean {
  const basic = parseBasic(encoded);
  if (!basic) return false;
  const user = basic.username.replace(/^[^\\]*\\/, '');
  return sameSecret(user, userName) && sameSecret(basic.password, password);
}
