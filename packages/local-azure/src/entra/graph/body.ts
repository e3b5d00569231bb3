import { z } from 'zod';
import { badRequest, notImplemented } from './graph-error.ts';

/**
 * Reads a body by its schema. A property that the schema does not know and that says something is refused by name,
 * rather than stored and ignored.
 */
export function readBody<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  body: unknown,
  what: string,
): z.infer<z.ZodObject<Shape>> {
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw badRequest(`Invalid value specified for property '${issue.path.join('.')}' of resource '${what}'.`);
  }
  const says = (value: unknown) =>
    value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
  const unknown = Object.entries(body ?? {}).find(
    ([name, value]) => !Object.hasOwn(schema.shape, name) && !name.includes('@odata.') && says(value),
  );
  if (unknown) throw notImplemented(`the property '${unknown[0]}' of '${what}'`);
  return parsed.data;
}

/** A time as Graph writes it, in milliseconds. */
export const dateTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const toDateTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('.000Z', 'Z');

/** Reads the object id out of `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/<id>"}`. */
export function readReference(body: unknown): string {
  const { data } = z.object({ '@odata.id': z.string() }).safeParse(body);
  const id = /\/(?:directoryObjects|users|groups|servicePrincipals)\/([^/]+)$/i.exec(
    data?.['@odata.id'] ?? '',
  )?.[1];
  if (!id) throw badRequest("The property '@odata.id' must be the address of a directory object.");
  return id.toLowerCase();
}
