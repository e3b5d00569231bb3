import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFxVersion, parseImageReference } from './image-reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageReference', () => {
  test.each([
    ['hoge.azurecr.io/app:0.1.0', { host: 'hoge.azurecr.io', repository: 'app', tag: '0.1.0' }],
    ['hoge.azurecr.io/team/app', { host: 'hoge.azurecr.io', repository: 'team/app', tag: 'latest' }],
    [`hoge.azurecr.io/app@${digest}`, { host: 'hoge.azurecr.io', repository: 'app', digest }],
    [`hoge.azurecr.io/app:1@${digest}`, { host: 'hoge.azurecr.io', repository: 'app', tag: '1', digest }],
    ['localhost:5000/app:1', { host: 'localhost:5000', repository: 'app', tag: '1' }],
    ['localhost/app', { host: 'localhost', repository: 'app', tag: 'latest' }],
    ['nginx', { host: 'docker.io', repository: 'library/nginx', tag: 'latest' }],
    ['team/app:1', { host: 'docker.io', repository: 'team/app', tag: '1' }],
    ['HOGE.azurecr.io/app', { host: 'hoge.azurecr.io', repository: 'app', tag: 'latest' }],
    ['h.io/a__b/c--d/e.f:T_1-x.y', { host: 'h.io', repository: 'a__b/c--d/e.f', tag: 'T_1-x.y' }],
  ])('%s', (text, parts) => {
    expect(parseImageReference(text)).toEqual({ text, ...parts });
  });

  test.each([
    '',
    ' ',
    'https://hoge.azurecr.io/app:1',
    'hoge.azurecr.io/',
    'hoge.azurecr.io/app:',
    'hoge.azurecr.io/app:ta g',
    'hoge.azurecr.io/app:1 ',
    'hoge.azurecr.io//app',
    'hoge.azurecr.io/-app',
    'hoge.azurecr.io/app@sha256:12',
    `hoge.azurecr.io/app@${digest}@${digest}`,
    `hoge.azurecr.io/app:${'t'.repeat(129)}`,
    'hoge_.azurecr.io/app',
  ])('refuses %j', (text) => {
    expect(() => parseImageReference(text)).toThrow(/^invalid reference format$/);
  });

  test('names what is wrong where Docker does', () => {
    expect(() => parseImageReference('hoge.azurecr.io/App:1')).toThrow('repository name must be lowercase');
    expect(() => parseImageReference(`hoge.azurecr.io/${'a'.repeat(256)}`)).toThrow(
      'more than 255 characters',
    );
  });

  test('never throws anything but a refusal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        try {
          const { host, repository, tag, digest } = parseImageReference(text);
          expect(`${host}/${repository}`.length).toBeGreaterThan(2);
          expect(tag ?? digest).toBeTruthy();
        } catch (error) {
          expect((error as Error).message).toMatch(/^invalid reference format/);
        }
      }),
    );
  });
});

test.each([
  ['', { kind: 'none' }],
  [' ', { kind: 'none' }],
  ['DOCKER|hoge.azurecr.io/app:1', { kind: 'docker', image: 'hoge.azurecr.io/app:1' }],
  ['docker|app', { kind: 'docker', image: 'app' }],
  ['DOCKER|', { kind: 'docker', image: '' }],
  ['NODE|20-lts', { kind: 'other', value: 'NODE|20-lts' }],
  ['sitecontainers', { kind: 'other', value: 'sitecontainers' }],
])('parseFxVersion(%j)', (value, expected) => {
  expect(parseFxVersion(value)).toEqual(expected);
});
