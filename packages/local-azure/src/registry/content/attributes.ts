import type { Attribute, AttributeChanges, ChangeableAttributes } from '../changeable-attributes.ts';

/** The attributes as columns of a SELECT, for {@link withAttributes}. */
export const attributeColumns = `
  delete_enabled AS deleteEnabled, write_enabled AS writeEnabled,
  read_enabled AS readEnabled, list_enabled AS listEnabled`;

export type AttributeRow = Record<Attribute, number>;

/** What a statement with {@link attributeColumns} finds, for an item that is to look like this. */
export type RowOf<Item extends { changeableAttributes: ChangeableAttributes }> = Omit<
  Item,
  'changeableAttributes'
> &
  AttributeRow;

/** The row with its attributes gathered. */
export function withAttributes<Row extends AttributeRow>(row: Row) {
  const { deleteEnabled, writeEnabled, readEnabled, listEnabled, ...rest } = row;
  const changeableAttributes: ChangeableAttributes = {
    deleteEnabled: deleteEnabled !== 0,
    writeEnabled: writeEnabled !== 0,
    readEnabled: readEnabled !== 0,
    listEnabled: listEnabled !== 0,
  };
  return { ...rest, changeableAttributes };
}

/** The SET of an UPDATE; its parameters `?3` to `?6` are the {@link changeValues}. */
export const setAttributes = `
  delete_enabled = COALESCE(?3, delete_enabled), write_enabled = COALESCE(?4, write_enabled),
  read_enabled = COALESCE(?5, read_enabled), list_enabled = COALESCE(?6, list_enabled)`;

export const changeValues = (changes: AttributeChanges): (number | null)[] =>
  [changes.deleteEnabled, changes.writeEnabled, changes.readEnabled, changes.listEnabled].map((value) =>
    value === undefined ? null : Number(value),
  );

/** True of a row whose item must not be deleted. */
export const isLocked = 'NOT (delete_enabled AND write_enabled)';
