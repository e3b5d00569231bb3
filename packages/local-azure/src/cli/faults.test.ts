import { expect, test } from 'vitest';
import { parseFault } from '../faults/parse-fault.ts';
import { describeKinds, kindsText } from './faults.ts';

test('every kind is described with all that it takes, and its defaults can be typed', () => {
  const { kinds, common } = describeKinds();
  const text = kindsText();
  expect(common.map(({ name }) => name)).toEqual(['in', 'for', 'count', 'probability', 'seed']);
  for (const { name, does, standsFor, settings } of kinds) {
    for (const part of [name, does, standsFor, ...settings.map(({ meaning }) => meaning)]) {
      expect(text).toContain(part);
    }
    const given = [...settings, ...common].filter((setting) => setting.default !== undefined);
    const typed = [name, ...given.map((setting) => `${setting.name}=${setting.default}`)].join(',');
    expect(parseFault(typed).values).toEqual(parseFault(name).values);
  }
});
