import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allReports, hostileReport, reports } from '../../test/reports.ts';
import { type Format, formats, render } from './formats.ts';
import { headline } from './headline.ts';
import type { Report } from './report.ts';

test.each(formats)('as %s, every finding has its number and what mends it', async (format) => {
  const text = await render(allReports, format);
  for (const { sites } of allReports) {
    for (const { findings } of sites) {
      for (const { id, mend } of findings) {
        expect(text).toContain(id);
        const command = mend?.commands[0]?.split(' --')[0];
        if (command) expect(text).toContain(command);
      }
    }
  }
});

test.each<[Format, number]>([
  ['text', 100],
  ['json', 100],
])('as %s, the reports of several apps follow one another', async (format, least) => {
  const [one, two] = allReports as [Report, Report];
  const both = await render([one, two], format);
  expect(both).toContain(await render([one], format));
  expect(both).toContain(await render([two], format));
  expect(both.length).toBeGreaterThan(least);
});

test.each(reports)(
  'as json, the report of an app that is %s is as the published schema says',
  (_, report) => {
    const file = new URL('../../schema/report-1.json', import.meta.url);
    const ajv = new Ajv({ formats: { 'date-time': true } });
    const isValid = ajv.validate(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(report)));
    expect(isValid, ajv.errorsText()).toBe(true);
  },
);

test('of many apps the headline names a few, and counts the rest', () => {
  const [, broken] = reports[1]!;
  const many = Array.from({ length: 100 }, () => broken);
  expect(headline(many)).toMatchObject({
    title: 'Pull path of 100 apps',
    says: '100 of 200 sites cannot pull.',
    more: expect.stringMatching(/^First broken link: (\S+ \w+, ){5}and 95 more\.$/),
  });
});

test.each(formats)('as %s, no name steers the terminal that it is printed on', async (format) => {
  const property = fc.asyncProperty(hostileReport, async (report) => {
    const text = stripVTControlCharacters(await render([report], format));
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
  await fc.assert(property, { numRuns: 50 });
});
