import { expect, test } from 'vitest';
import { signInFailure } from './credential.ts';

test.each([
  [
    'a wrong secret',
    'invalid_client: AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2',
    'Entra ID refused the sign-in: AADSTS7000215: Invalid client secret provided.',
    'az login',
  ],
  [
    'an outage',
    '503 temporarily_unavailable: AADSTS90033: A transient error has occurred. Please try again. - Correlation ID: 1',
    'Entra ID could not sign in: AADSTS90033: A transient error has occurred. Please try again.',
    'again in a minute',
  ],
  ['nobody', 'EnvironmentCredential is unavailable', 'Nobody is signed in', 'az login'],
])('%s', (_, text, message, next) => {
  expect(signInFailure(new Error(text))).toMatchObject({
    message: expect.stringContaining(message),
    next: expect.stringContaining(next),
  });
});
