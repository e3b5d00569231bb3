import { isExpected } from './expected-error.ts';

/** Writes to stderr what failed and why: one line for what can be expected, such as a full disk; a stack for a bug. */
export const logFault = (what: string, error: unknown): void => console.error(describeFault(what, error));

/** Only messages and stacks: an error's own members may hold what it was called with. */
export function describeFault(what: string, error: unknown): string {
  if (isExpected(error)) return `${what}: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}`;
  if (!(error instanceof Error)) return `${what}: ${String(error)}`;
  const { stack, message, cause } = error;
  return cause === undefined
    ? `${what}: ${stack ?? message}`
    : describeFault(`${what}: ${stack ?? message}\n  because`, cause);
}
