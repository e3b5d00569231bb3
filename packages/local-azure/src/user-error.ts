import { ExpectedError } from './expected-error.ts';

/** A failure that its reader can mend: says what is wrong, and the next step. Shown without a stack. */
export class UserError extends ExpectedError {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What was asked for is written wrongly. */
export class UsageError extends UserError {}
