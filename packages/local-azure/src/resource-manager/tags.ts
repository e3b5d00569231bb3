import { badRequest } from './azure-error.ts';

/** Source: MicrosoftDocs/azure-docs articles/azure-resource-manager/management/tag-resources.md, "Limitations" */
const limits = { count: 50, nameLength: 512, valueLength: 256 };

/** Throws Azure's refusal of tags that it would not keep. The codes and words are Azure's, but for too many. */
export function checkTags(tags: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(tags);
  const reserved = names.filter((name) => /[<>%&\\?/\p{Cc}]/u.test(name));
  if (reserved.length > 0) {
    throw badRequest(
      'InvalidTagNameCharacters',
      `The tag names '${reserved.join(', ')}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
    );
  }
  const longNames = names.filter((name) => name.length > limits.nameLength);
  if (longNames.length > 0) {
    throw badRequest(
      'InvalidTagName',
      `Tag key too large. Following tag name '${longNames.join(', ')}' exceeded the maximum length. ` +
        `Maximum allowed length for tag name - '${limits.nameLength}' characters.`,
    );
  }
  const longValues = Object.values(tags).filter(
    (value): value is string => typeof value === 'string' && value.length > limits.valueLength,
  );
  if (longValues.length > 0) {
    throw badRequest(
      'InvalidTagValueLength',
      `Tag value too large. Following tag value '${longValues.join(', ')}' exceeded the maximum length. ` +
        `Maximum allowed length for tag value - '${limits.valueLength}' characters.`,
    );
  }
  if (names.length > limits.count) {
    throw badRequest(
      'InvalidTagsCount',
      `The resource has ${names.length} tags. A resource can have ${limits.count} of them at the most.`,
    );
  }
}
