import { ExpectedError } from '../expected-error.ts';

/** The site did not start; the reason is in its log. */
export class StartFailure extends ExpectedError {}
