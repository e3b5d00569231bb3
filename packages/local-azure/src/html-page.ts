export interface HtmlPage {
  title: string;
  /** HTML. Text in it goes through {@link toHtml}. */
  main: string;
  /** Rules for this page, besides those of all. */
  style?: string;
}

/** Nothing from elsewhere, no scripts, and a form goes where it came from. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};

/** A page of the local Azure itself. */
export const renderPage = ({ title, main, style = '' }: HtmlPage): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${toHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }
  ${style}
</style>
</head>
<body>
<main>
<h1>${toHtml(title)}</h1>
${main}
</main>
</body>
</html>
`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const toHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);
