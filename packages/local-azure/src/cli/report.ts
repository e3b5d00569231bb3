import { isExpected } from '../expected-error.ts';
import { UsageError, UserError } from '../user-error.ts';
import { style } from './style.ts';

/** Shows a failure and returns the exit code for it. */
export function report(error: unknown, json: boolean): number {
  const message = isExpected(error) ? error.message : String((error as Error).stack ?? error);
  const hint = error instanceof UserError ? error.hint : undefined;
  if (json) console.log(JSON.stringify({ error: { message, hint } }));
  else console.error(`${style('red', 'Error:', process.stderr)} ${message}${hint ? `\n${hint}` : ''}`);
  return error instanceof UsageError ? 2 : 1;
}
