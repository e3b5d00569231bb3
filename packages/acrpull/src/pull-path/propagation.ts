/**
 * How long after its creation a grant may still be unknown to the registry: half an hour.
 *
 * Source: Microsoft's answers name "up to 30 minutes"; one to five are usual.
 * https://learn.microsoft.com/answers/questions/524792
 */
export const propagationWindowMs = 30 * 60_000;
