import { stripVTControlCharacters } from 'node:util';
import type { JudgedLink } from '../checks/diagnose.ts';
import type { Report, SiteReport } from './report.ts';
import { findingText } from './text.ts';

/**
 * JUnit's XML as CI systems read it: a test suite for each site, a test case for each link. A broken link is a failure,
 * one that could not be read an error; what is only noted goes to the output of a test that passed.
 * Source: the schema that Jenkins keeps, jenkinsci/xunit-plugin junit-10.xsd
 */
export function junitReport(reports: Report[]): string {
  const sites = reports.flatMap((report) => report.sites);
  const suites = reports.flatMap((report) => report.sites.map((site) => suite(site, report.takenOn)));
  const all = tallies(sites.flatMap(({ links }) => links));
  const swap = reports.some((report) => report.swap) ? ' --swap' : '';
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="acrpull doctor${swap}"${all}>
${suites.join('\n')}
</testsuites>
`;
}

function suite(site: SiteReport, takenOn: string): string {
  // The schema has no place for a time zone.
  const about = attributes({ name: site.name, hostname: site.hostName, timestamp: takenOn.slice(0, 19) });
  return `  <testsuite${about}${tallies(site.links)}>
    <properties>
      <property${attributes({ name: 'id', value: site.id })}/>
    </properties>
${site.links.map((link) => testCase(site, link)).join('\n')}
  </testsuite>`;
}

function testCase(site: SiteReport, { link, status, says }: JudgedLink): string {
  const findings = site.findings.filter((finding) => finding.link === link);
  const text = toXml(stripVTControlCharacters(findings.map(findingText).join('\n\n')));
  const about = attributes({ name: link, classname: site.name, time: '0' });
  const wrong = findings.find((finding) => finding.status === status);
  const message = attributes({ message: says, type: wrong?.id ?? link });
  const outcome = {
    pass: '',
    skip: `<skipped${attributes({ message: says })}/>`,
    warn: `<system-out>${text}</system-out>`,
    fail: `<failure${message}>${text}</failure>`,
    unknown: `<error${message}>${text}</error>`,
  }[status];
  return `    <testcase${about}>${outcome}</testcase>`;
}

function tallies(links: JudgedLink[]): string {
  const count = (wanted: JudgedLink['status']) =>
    String(links.filter(({ status }) => status === wanted).length);
  return attributes({
    tests: String(links.length),
    failures: count('fail'),
    errors: count('unknown'),
    skipped: count('skip'),
    time: '0',
  });
}

const attributes = (values: Record<string, string>) =>
  Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${toXml(value).replace(/[\t\n\r]/g, (it) => `&#${it.charCodeAt(0)};`)}"`,
    )
    .join('');

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text; a character that XML 1.0 has no place for becomes U+FFFD. */
const toXml = (text: string) =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"]/g, (character) => entities[character]!);
