import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { allReports, harmless, hostileReport, tagsOf } from '../../test/reports.ts';
import { markdownReport } from './markdown.ts';

describe('Markdown', () => {
  test('is a table of links, with each finding folded', () => {
    const markdown = markdownReport([allReports[1]!]);
    expect(markdown).toContain('| site | image | registry | identity |');
    expect(markdown).toMatch(/\| `hoge-app\/staging` \| ✔ \| ✔ \| \*\*✘ broken\*\* \|/);
    expect(markdown.match(/<details>/g)).toHaveLength(
      allReports[1]!.sites.flatMap(({ findings }) => findings).length,
    );
  });

  test('whatever the names are, it is the page of an app with plain names, and calls nobody', () => {
    const property = fc.property(hostileReport, (report) => {
      const html = marked.parse(markdownReport([report]), { async: false });
      const plain = marked.parse(markdownReport([harmless(report)]), { async: false });
      expect(tagsOf(html)).toEqual(tagsOf(plain));
      expect(html.replace(/<code[\s\S]*?<\/code>/g, '')).not.toMatch(/@\w/);
    });
    fc.assert(property);
  });
});
