import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type ClientCertificate,
  type ClientSecret,
  type Credentials,
  parseCertificate,
} from '../directory/credentials.ts';
import { dateTime, readBody, toDateTime } from './body.ts';
import { badRequest, notImplemented } from './graph-error.ts';
import type { GraphRoute } from './route.ts';

/** The credentials of an application or a service principal, as both show them. */
export const presentCredentials = (ownerId: string, credentials: Credentials) => ({
  passwordCredentials: credentials.secrets(ownerId).map(presentSecret),
  keyCredentials: credentials.certificates(ownerId).map(presentCertificate),
});

const described = ({ keyId, displayName, startsOn, endsOn }: ClientSecret | ClientCertificate) => ({
  ...{ keyId, displayName: displayName ?? null },
  ...{ startDateTime: toDateTime(startsOn), endDateTime: toDateTime(endsOn) },
});

const presentSecret = (secret: ClientSecret) => ({
  ...{ customKeyIdentifier: null, ...described(secret), hint: secret.hint, secretText: null },
});

/** Like Graph's lists, without the certificate itself: `customKeyIdentifier` is its thumbprint. */
const presentCertificate = (one: ClientCertificate) => ({
  customKeyIdentifier: createHash('sha1').update(Buffer.from(one.certificate, 'base64')).digest('base64'),
  ...{ ...described(one), type: 'AsymmetricX509Cert', usage: 'Verify', key: null },
});

export const keyCredentialsSchema = z.array(
  z.object({
    keyId: z.guid().nullish(),
    /** Absent of one that is there already. */
    key: z.string().nullish(),
    displayName: z.string().nullish(),
    startDateTime: dateTime.nullish(),
    endDateTime: dateTime.nullish(),
    type: z.string(),
    usage: z.string(),
  }),
);

/** The certificates that an owner is to have, of which some it has already. */
export const readCertificates = (
  wanted: z.infer<typeof keyCredentialsSchema>,
  held: readonly ClientCertificate[],
): ClientCertificate[] =>
  wanted.map(({ keyId, key, type, usage, ...one }) => {
    const existing = held.find((other) => other.keyId === keyId?.toLowerCase());
    if (!key && existing) return existing;
    if (type !== 'AsymmetricX509Cert' || usage !== 'Verify')
      throw notImplemented(`key credentials of the type '${type}' with the usage '${usage}'`);
    const x509 = parseCertificate(key ?? '');
    if (x509?.publicKey.asymmetricKeyType !== 'rsa')
      throw badRequest('Key credential is invalid: it must be an X.509 certificate with an RSA key.');
    return {
      keyId: keyId?.toLowerCase() ?? randomUUID(),
      certificate: x509.raw.toString('base64'),
      ...(one.displayName ? { displayName: one.displayName } : {}),
      startsOn: one.startDateTime ?? Date.parse(x509.validFrom),
      endsOn: one.endDateTime ?? Date.parse(x509.validTo),
    };
  });

const addPasswordSchema = z.object({
  passwordCredential: z
    .object({
      displayName: z.string().nullish(),
      startDateTime: dateTime.nullish(),
      endDateTime: dateTime.nullish(),
    })
    .nullish(),
});
const removePasswordSchema = z.object({ keyId: z.guid() });

/** `addPassword` and `removePassword`, which applications and service principals have alike. */
export function passwordRoutes(
  collection: string,
  find: (id: string) => { id: string },
  credentials: Credentials,
): GraphRoute[] {
  return [
    {
      method: 'POST',
      path: `/${collection}/:id/addPassword`,
      handle: ({ params, body }) => {
        const { passwordCredential } = readBody(addPasswordSchema, body, 'passwordCredential');
        const { displayName, startDateTime, endDateTime } = passwordCredential ?? {};
        const { secretText, ...secret } = credentials.addSecret(find(params.id!).id, {
          ...(displayName ? { displayName } : {}),
          ...(startDateTime ? { startsOn: startDateTime } : {}),
          ...(endDateTime ? { endsOn: endDateTime } : {}),
        });
        const context = 'microsoft.graph.passwordCredential';
        return { status: 200, context, body: { ...presentSecret(secret), secretText } };
      },
    },
    {
      method: 'POST',
      path: `/${collection}/:id/removePassword`,
      handle: ({ params, body }) => {
        const { keyId } = readBody(removePasswordSchema, body, 'removePassword');
        if (!credentials.removeSecret(find(params.id!).id, keyId))
          throw badRequest(`No password credential found with keyId '${keyId}'.`);
        return { status: 204 };
      },
    },
  ];
}
