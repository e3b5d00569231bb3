import { authorize } from './client.mjs';

const scopes = [
  'repository:fuzz/shared:pull',
  'repository:fuzz/shared:pull,push',
  'registry:catalog:*',
  'repository:a:*',
];
const oddScopes = [
  '',
  'repository',
  'a:b',
  ':::',
  'repository::pull',
  'repository:fuzz/shared:',
  'x:y:z repository:a:pull',
];

const someScopes = (random) =>
  Array.from({ length: random.below(3) }, () => [
    'scope',
    random.pick(random.chance(0.9) ? scopes : oddScopes),
  ]);

const form = (path, fields) => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(new URLSearchParams(fields).toString()),
});

/** The token service. A token costs a signature, so there are few of these. */
export const tokens = [
  {
    weight: 1,
    make: (random, client) => ({
      method: 'GET',
      path: '/oauth2/token',
      query: [['service', client.credentials.host], ...someScopes(random)],
      headers: random.chance(0.8)
        ? { authorization: client.credentials.headers.admin }
        : authorize(random, client),
    }),
  },
  {
    weight: 1,
    make(random, { credentials }) {
      const { host, secrets } = credentials;
      const grant = random.pick([
        [
          ['grant_type', 'refresh_token'],
          ['refresh_token', random.pick(Object.values(secrets))],
        ],
        [
          ['grant_type', 'password'],
          ['username', secrets.username],
          ['password', random.pick([secrets.password, 'x'])],
        ],
        [['grant_type', random.pick(['', 'authorization_code', 'refresh_token'])]],
      ]);
      return form('/oauth2/token', [['service', host], ...grant, ...someScopes(random)]);
    },
  },
  {
    weight: 1,
    make(random, { credentials }) {
      const { host, secrets } = credentials;
      return form('/oauth2/exchange', [
        ['grant_type', random.chance(0.9) ? 'access_token' : 'password'],
        ['service', random.chance(0.9) ? host : 'other.azurecr.io'],
        ['access_token', random.chance(0.8) ? secrets.entra : random.pick(Object.values(secrets))],
      ]);
    },
  },
];
