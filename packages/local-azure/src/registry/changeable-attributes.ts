/** What may be done with a repository, a manifest or a tag. Source: MicrosoftDocs container-registry-image-lock.md. */
export interface ChangeableAttributes {
  deleteEnabled: boolean;
  /** Off, it forbids deletion as well. Source: Azure/acr issue 561. */
  writeEnabled: boolean;
  readEnabled: boolean;
  /** Off, the item is in no list, and still found by its name. */
  listEnabled: boolean;
}

export type Attribute = keyof ChangeableAttributes;

/** Those that are absent stay as they are. */
export type AttributeChanges = { [Name in Attribute]?: boolean | undefined };
