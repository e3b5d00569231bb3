import { createPrivateKey, sign } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';

const basic = (username, password) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenUser = '00000000-0000-0000-0000-000000000000';

/** Everything that one may sign in with at the registry `host`, good and bad. */
export async function collectCredentials(azure, dataDir, { host, other, repositories, admin }) {
  const exchange = async (service) => {
    const fields = { grant_type: 'access_token', service, access_token: azure.token };
    return (await azure.form(`https://${service}/oauth2/exchange`, fields)).refresh_token;
  };
  const access = async (service, refresh_token, scope) =>
    (
      await azure.form(`https://${service}/oauth2/token`, {
        grant_type: 'refresh_token',
        service,
        scope,
        refresh_token,
      })
    ).access_token;
  const everything = [
    'registry:catalog:*',
    ...repositories.map((name) => `repository:${name}:pull,push,delete,metadata_read,metadata_write`),
  ];

  const [refresh, otherRefresh] = [await exchange(host), await exchange(other)];
  const good = await access(host, refresh, everything.join(' '));
  const secrets = { refresh, otherRefresh, entra: azure.token, access: good, ...admin };
  return {
    host,
    secrets,
    headers: {
      good: `Bearer ${good}`,
      admin: basic(admin.username, admin.password),
      asPassword: basic(tokenUser, refresh),
      narrow: `Bearer ${await access(host, refresh, 'repository:fuzz/shared:pull')}`,
      none: undefined,
      empty: 'Bearer ',
      wrongPassword: basic(admin.username, 'wrong'),
      refresh: `Bearer ${refresh}`,
      ofAnotherRegistry: `Bearer ${await access(other, otherRefresh, everything.join(' '))}`,
      entra: `Bearer ${azure.token}`,
      expired: `Bearer ${expire(good, dataDir)}`,
      unsigned: `Bearer ${encode({ alg: 'none' })}.${good.split('.')[1]}.`,
    },
  };
}

/** The same token, as it would have been four hours ago. */
function expire(token, dataDir) {
  const db = new Database(join(dataDir, 'state.db'), { readonly: true });
  const { key } = db.prepare("SELECT private_key AS key FROM signing_keys WHERE purpose = 'registry'").get();
  db.close();
  const [header, payload] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  for (const name of ['exp', 'iat', 'nbf']) claims[name] -= 4 * 60 * 60;
  const signed = `${header}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), createPrivateKey(key)).toString('base64url')}`;
}
