/** What the page shows: the form, with what went wrong before, or what came of it. */
export type SignInPage =
  | { kind: 'form'; userCode?: string; userName?: string; problem?: string }
  | { kind: 'done'; title: string; text: string };

/** Where a user goes on with a sign-in that a program on another screen began. */
export const signInPath = '/common/oauth2/deviceauth';

/** Nothing from elsewhere, no scripts, and the form goes where it came from. */
export const signInHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};

export function renderSignInPage(page: SignInPage): string {
  const title = page.kind === 'form' ? 'Sign in to local-azure' : page.title;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${toHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }
  label, input { display: block; width: 100%; box-sizing: border-box; }
  input { font: inherit; padding: .5rem; margin: .25rem 0 1rem; }
  button { font: inherit; padding: .5rem 1.5rem; margin-right: .5rem; }
  [role=alert] { border-left: .25rem solid #c00; padding-left: .75rem; }
</style>
</head>
<body>
<main>
<h1>${toHtml(title)}</h1>
${page.kind === 'form' ? form(page) : `<p>${toHtml(page.text)}</p>`}
</main>
</body>
</html>
`;
}

const form = ({ userCode = '', userName = '', problem }: Extract<SignInPage, { kind: 'form' }>) => `${
  problem ? `<p role="alert">${toHtml(problem)}</p>\n` : ''
}<p>A program shows a code, and waits for you to sign in. Go on only if you started it yourself.</p>
<form method="post" action="${signInPath}">
<label for="code">Code</label>
<input id="code" name="code" required autocomplete="off" autocapitalize="characters" spellcheck="false" value="${toHtml(userCode)}">
<label for="username">User name</label>
<input id="username" name="username" type="email" required autocomplete="username" value="${toHtml(userName)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" required autocomplete="current-password">
<button>Sign in</button>
<button name="decline" value="1" formnovalidate>Decline</button>
</form>`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const toHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);
