import type { Report } from './report.ts';
import { harmlessText } from './style.ts';

/** The output forms of `doctor`, each a file of this folder. */
export const formats = ['text', 'json', 'sarif', 'junit', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/**
 * The reports of one app or several as one text, which steers no terminal that it is printed on. Loads only what the
 * form needs.
 */
export async function render(reports: Report[], format: Format): Promise<string> {
  switch (format) {
    case 'text': {
      const { textReport } = await import('./text.ts');
      return reports.map(textReport).join('\n');
    }
    case 'json':
      return reports.map(json).join('');
    case 'sarif':
      return json((await import('./sarif.ts')).sarifLog(reports));
    case 'junit':
      return harmlessText((await import('./junit.ts')).junitReport(reports));
    case 'markdown':
      return harmlessText((await import('./markdown.ts')).markdownReport(reports));
    case 'html':
      return harmlessText((await import('./html.ts')).htmlReport(reports));
  }
}

/** JSON may hold U+007F to U+009F as they are; here they are escaped. */
const json = (value: unknown) =>
  `${JSON.stringify(value, null, 2).replace(/(?!\n)\p{Cc}/gu, (it) => `\\u00${it.charCodeAt(0).toString(16)}`)}\n`;
