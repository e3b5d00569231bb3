import { z } from 'zod';
import { notImplemented } from '../../resource-manager/azure-error.ts';
import { parseBody, trackedResourceSchema } from '../../resource-manager/tracked-resource.ts';

const identitySchema = trackedResourceSchema.extend({
  properties: z
    .object({
      isolationScope: z.string().nullish(),
      assignmentRestrictions: z.object({ providers: z.array(z.string()).nullish() }).nullish(),
    })
    .nullish(),
});

/** Reads the body of a PUT or PATCH. Refuses restrictions on who may have the identity, which nothing here would obey. */
export function readIdentity(body: unknown) {
  const { location, tags, properties } = parseBody(identitySchema, body);
  const { isolationScope, assignmentRestrictions } = properties ?? {};
  if (isolationScope && isolationScope.toLowerCase() !== 'none')
    throw notImplemented('the isolation scope of identities');
  if (assignmentRestrictions?.providers?.length)
    throw notImplemented('assignment restrictions of identities');
  return { location, ...(tags ? { tags } : {}) };
}

const flexibleSchema = z.object({
  properties: z.object({ claimsMatchingExpression: z.unknown().optional() }),
});

const federatedCredentialSchema = z.object({
  properties: z.object({
    issuer: z.string(),
    subject: z.string().min(1),
    // Source: learn.microsoft.com/graph/api/resources/federatedidentitycredential, "can only accept a single value"
    audiences: z.array(z.string()).length(1),
  }),
});

export function readFederatedCredential(body: unknown) {
  // Of a kind that names no subject.
  if (parseBody(flexibleSchema, body).properties.claimsMatchingExpression)
    throw notImplemented('claims matching expressions');
  return parseBody(federatedCredentialSchema, body).properties;
}
