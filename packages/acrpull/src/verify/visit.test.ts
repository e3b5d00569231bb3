import { expect, test } from 'vitest';
import { readAnswer } from './visit.ts';

test.each<[string, number, Record<string, string>, string, object]>([
  [
    'a page',
    200,
    {},
    '\n <h1>hello</h1> \nmore',
    { kind: 'answered', status: 200, firstLine: '<h1>hello</h1>' },
  ],
  ['the app’s own 403', 403, {}, 'no', { kind: 'answered', status: 403 }],
  ['Easy Auth', 401, { 'www-authenticate': 'Bearer' }, '', { kind: 'answered', status: 401 }],
  [
    'a redirect to a sign-in',
    302,
    { location: 'https://login.microsoftonline.com/' },
    '',
    { kind: 'answered' },
  ],
  [
    'access restrictions',
    403,
    { 'x-ms-forbidden-ip': '203.0.113.7' },
    '<h1>Error 403</h1>',
    { kind: 'shut', status: 403 },
  ],
  ['a stopped site', 403, {}, '<h1>Error 403 - This web app is stopped.</h1>', { kind: 'silent' }],
  ['Application Error', 503, {}, ':( Application Error', { kind: 'silent', reason: 'HTTP 503' }],
  ['the app’s own fault', 500, {}, 'oops', { kind: 'answered', status: 500 }],
])('%s', (_, status, headers, bodyAsText, answer) => {
  expect(readAnswer({ status, headers: { get: (name) => headers[name] }, bodyAsText })).toMatchObject(answer);
});
