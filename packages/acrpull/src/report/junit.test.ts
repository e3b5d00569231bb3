import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { hostileReport, reports } from '../../test/reports.ts';
import { junitReport } from './junit.ts';

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** What a strict parser makes of XML; it throws where the text is not well-formed. */
function parseXml(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    if (open.length > 0) open.at(-1)!.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return elements;
}

describe('JUnit', () => {
  test('has a suite for each site and a case for each link: broken fails, not read is an error', () => {
    for (const [name, report] of reports) {
      const elements = parseXml(junitReport([report]));
      const named = (wanted: string) => elements.filter((it) => it.name === wanted);
      const links = report.sites.flatMap((site) => site.links);
      const with_ = (status: string) => links.filter((link) => link.status === status).length;
      expect(named('testsuite').map(({ attributes }) => attributes.name)).toEqual(
        report.sites.map((site) => site.name),
      );
      expect(named('testcase').map(({ attributes }) => attributes.name)).toEqual(
        links.map(({ link }) => link),
      );
      const counts = ['failure', 'error', 'skipped', 'system-out'].map((it) => named(it).length);
      expect(counts, name).toEqual(['fail', 'unknown', 'skip', 'warn'].map(with_));
      const { tests, failures, errors, skipped } = named('testsuites')[0]!.attributes;
      expect([tests, failures, errors, skipped].map(Number)).toEqual([links.length, ...counts.slice(0, 3)]);
    }
  });

  test('whatever the names are, it is well-formed and says them', () => {
    const property = fc.property(hostileReport, (report) => {
      const elements = parseXml(junitReport([report]));
      expect(elements.filter(({ name }) => name === 'testsuite')).toHaveLength(report.sites.length);
      const said = elements.find(({ name }) => name === 'testsuite')!.attributes.name;
      const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
      if (allowed.test(report.sites[0]!.name)) expect(said).toBe(report.sites[0]!.name);
    });
    fc.assert(property);
  });
});
