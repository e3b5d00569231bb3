import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allReports, hostileReport, reports } from '../../test/reports.ts';
import { checks, foretoldCauses } from '../checks/index.ts';
import { sarifLog } from './sarif.ts';

describe('SARIF', () => {
  /** The official schema, but for its dialect: draft 4 differs from what Ajv reads in nothing that it uses but `id`. */
  function officialSchema() {
    const path = '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
    const { $schema: _, id: __, ...schema } = createRequire(import.meta.url)(path);
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    return ajv.compile(schema);
  }
  const validate = officialSchema();

  test.each(reports)('of an app that is %s is valid by the official schema', (_, report) => {
    expect(validate(sarifLog([report])), JSON.stringify(validate.errors)).toBe(true);
  });

  test('whatever the names are, it is valid', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        expect(validate(sarifLog([report])), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });

  test('has a rule for each cause with its page, and a result for each finding that keeps its fingerprint', () => {
    const [run] = sarifLog(allReports).runs;
    const rules = run!.tool.driver.rules!;
    expect(rules.map(({ id, helpUri }) => [id, helpUri])).toEqual(
      [...checks, ...foretoldCauses].map(({ id, docs }) => [id, docs]),
    );
    for (const { ruleId, ruleIndex } of run!.results!) expect(rules[ruleIndex!]!.id).toBe(ruleId);
    expect(sarifLog(allReports)).toEqual(sarifLog(allReports));
    const own = sarifLog([allReports[1]!]).runs[0]!.results!;
    expect(new Set(own.map(({ partialFingerprints }) => Object.values(partialFingerprints!)[0])).size).toBe(
      own.length,
    );
  });

  test.each<[name: string, kind: string, level: string]>([
    ['broken', 'fail', 'error'],
    ['not read', 'open', 'none'],
    ['young', 'fail', 'warning'],
  ])('what is %s is of kind %s and level %s', (name, kind, level) => {
    const report = reports.find((it) => it[0] === name)![1];
    expect(sarifLog([report]).runs[0]!.results![0]).toMatchObject({ kind, level });
  });
});
