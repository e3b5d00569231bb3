/** The site did not start; the reason is in its log. */
export class StartFailure extends Error {}
