import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allReports, harmless, hostileReport, tagsOf } from '../../test/reports.ts';
import { htmlReport } from './html.ts';

describe('HTML', () => {
  const html = htmlReport(allReports);

  test('asks nobody for anything: no script, no image, no style from elsewhere', () => {
    expect(html).not.toMatch(/<(script|img|link|iframe|object|base|form)|@import|url\(|\bsrc=|\bon[a-z]+=/i);
  });

  test('has headings that leave out no level, and names its language', () => {
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    levels.reduce((above, level) => {
      expect(level - above).toBeLessThanOrEqual(1);
      return level;
    });
    expect(html).toContain('<html lang="en">');
  });

  test('whatever the names are, it has the tags and attributes of an app with plain names', () => {
    const property = fc.property(hostileReport, (report) => {
      const page = htmlReport([report]);
      expect(tagsOf(page)).toEqual(tagsOf(htmlReport([harmless(report)])));
      expect(page.match(/ (href|on\w+|style)=/g)).toEqual(
        report.sites.flatMap(({ findings }) => findings.map(() => ' href=')),
      );
    });
    fc.assert(property);
  });
});
