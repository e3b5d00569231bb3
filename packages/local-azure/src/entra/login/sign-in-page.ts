import { renderPage, toHtml } from '../../html-page.ts';

/** What the page shows: the form, with what went wrong before, or what came of it. */
export type SignInPage =
  | { kind: 'form'; userCode?: string; userName?: string; problem?: string }
  | { kind: 'done'; title: string; text: string };

/** Where a user goes on with a sign-in that a program on another screen began. */
export const signInPath = '/common/oauth2/deviceauth';

export const renderSignInPage = (page: SignInPage): string =>
  page.kind === 'form'
    ? renderPage({ title: 'Sign in to local-azure', main: form(page), style })
    : renderPage({ title: page.title, main: `<p>${toHtml(page.text)}</p>` });

const style = `label, input { display: block; width: 100%; box-sizing: border-box; }
  input { font: inherit; padding: .5rem; margin: .25rem 0 1rem; }
  button { font: inherit; padding: .5rem 1.5rem; margin-right: .5rem; }
  [role=alert] { border-left: .25rem solid #c00; padding-left: .75rem; }`;

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
