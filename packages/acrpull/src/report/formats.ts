import type { Report } from './report.ts';

/** The output forms of `doctor`, each a file of this folder. */
export const formats = ['text', 'json', 'sarif', 'junit', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** The reports of one app or several as one text. Loads only what the form needs. */
export async function render(reports: Report[], format: Format): Promise<string> {
  switch (format) {
    case 'text': {
      const { textReport } = await import('./text.ts');
      return reports.map(textReport).join('\n');
    }
    case 'json':
      return reports.map((report) => `${JSON.stringify(report, null, 2)}\n`).join('');
    case 'sarif': {
      const { sarifLog } = await import('./sarif.ts');
      return `${JSON.stringify(sarifLog(reports), null, 2)}\n`;
    }
    case 'junit':
      return (await import('./junit.ts')).junitReport(reports);
    case 'markdown':
      return (await import('./markdown.ts')).markdownReport(reports);
    case 'html':
      return (await import('./html.ts')).htmlReport(reports);
  }
}
