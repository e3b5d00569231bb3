import { createInterface } from 'node:readline/promises';
import { Failure } from '../failure.ts';

/**
 * Asks a yes-or-no question; anything but yes is no. Without a terminal nobody can answer, which is an error, with
 * `otherwise` as the next step.
 */
export async function confirm(question: string, otherwise: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Failure('The plan needs a yes, and there is no terminal to ask on.', { next: otherwise });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} (yes/no) `)).trim());
  } catch {
    return false; // Ctrl-C or Ctrl-D at the question
  } finally {
    terminal.close();
  }
}
