import type { SlotContent, Stays } from './slot-swap.ts';

/** One row of `slotsdiffs`. Source: azure-rest-api-specs specification/web, "SlotDifference" */
export interface SlotDifference {
  level: 'Information' | 'Warning';
  settingType: 'General' | 'AppSetting' | 'ConnectionString';
  diffRule: DiffRule;
  settingName: string;
  valueInCurrentSlot: string | null;
  valueInTargetSlot: string | null;
  description: string;
}

/** Source: Azure/azure-functions-ux, slots-diff.ts; what each means is told by its name only. */
type DiffRule =
  | 'SettingsWillBeModifiedInDestination'
  | 'SettingsWillBeAddedToDestination'
  | 'SettingsNotInSource'
  | 'SlotSettingsMissing'
  | 'SlotSettingsSameValue';

const rules: Record<DiffRule, Pick<SlotDifference, 'level' | 'description'>> = {
  SettingsWillBeModifiedInDestination: {
    level: 'Information',
    description: 'The setting will have another value in the destination.',
  },
  SettingsWillBeAddedToDestination: {
    level: 'Information',
    description: 'The setting will be added to the destination.',
  },
  SettingsNotInSource: {
    level: 'Warning',
    description: 'The source does not have the setting, and the destination will not have it any more.',
  },
  SlotSettingsMissing: {
    level: 'Warning',
    description: 'The setting stays with its slot, and one of the slots does not have it.',
  },
  SlotSettingsSameValue: {
    level: 'Warning',
    description: 'The setting stays with its slot, and has the same value in both.',
  },
};

const settings = [
  ['AppSetting', 'appSettings'],
  ['ConnectionString', 'connectionStrings'],
] as const;

/** What a swap would change in the target, and what it would not although one might think so. */
export function slotDifferences(source: SlotContent, target: SlotContent, stays: Stays): SlotDifference[] {
  const general = Object.keys({ ...source.web, ...target.web }).filter((name) => !stays('web', name));
  return [
    ...general.flatMap((name) => difference('General', name, source.web[name], target.web[name], false)),
    ...settings.flatMap(([type, document]) =>
      Object.keys({ ...source[document], ...target[document] }).flatMap((name) =>
        difference(type, name, source[document][name], target[document][name], stays(document, name)),
      ),
    ),
  ];
}

function difference(
  settingType: SlotDifference['settingType'],
  settingName: string,
  current: unknown,
  other: unknown,
  isSticky: boolean,
): SlotDifference[] {
  const [valueInCurrentSlot, valueInTargetSlot] = [toText(current), toText(other)];
  const diffRule = ruleFor(valueInCurrentSlot, valueInTargetSlot, isSticky);
  if (!diffRule) return [];
  return [{ ...rules[diffRule], settingType, diffRule, settingName, valueInCurrentSlot, valueInTargetSlot }];
}

function ruleFor(current: string | null, target: string | null, isSticky: boolean): DiffRule | undefined {
  const isMissing = current === null || target === null;
  if (isSticky) {
    if (isMissing) return 'SlotSettingsMissing';
    return current === target ? 'SlotSettingsSameValue' : undefined;
  }
  if (current === target) return undefined;
  if (!isMissing) return 'SettingsWillBeModifiedInDestination';
  return current === null ? 'SettingsNotInSource' : 'SettingsWillBeAddedToDestination';
}

/** A connection string is its value; what is no text is shown as JSON. */
function toText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  const { value: connection } = value as { value?: unknown };
  return typeof connection === 'string' ? connection : JSON.stringify(value);
}
