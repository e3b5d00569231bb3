import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatReference, parseFxVersion } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('parseFxVersion', () => {
  test.each([
    ['DOCKER|hoge.azurecr.io/app:0.1.0', { host: 'hoge.azurecr.io', repository: 'app', tag: '0.1.0' }],
    ['docker|HOGE.azurecr.io/team/app', { host: 'hoge.azurecr.io', repository: 'team/app', tag: 'latest' }],
    ['DOCKER|localhost:5000/app:1', { host: 'localhost:5000', repository: 'app', tag: '1' }],
    [
      `DOCKER|hoge.azurecr.io/app:1@${digest}`,
      { host: 'hoge.azurecr.io', repository: 'app', tag: '1', digest },
    ],
  ])('%s is understood', (text, reference) => {
    expect(parseFxVersion(text)).toEqual({ ok: true, reference });
  });

  test.each([
    ['', 'empty'],
    ['hoge.azurecr.io/app:1', 'prefix'],
    ['COMPOSE|dmVyc2lvbg==', 'compose'],
    ['SITECONTAINERS', 'sidecars'],
    ['NODE|20-lts', 'stack'],
    ['DOCKER|nginx', 'host'],
    ['DOCKER|library/nginx:1', 'host'],
    ['DOCKER|https://hoge.azurecr.io/app:1', 'syntax'],
    ['DOCKER|hoge.azurecr.io/app: 1', 'syntax'],
    ['DOCKER|hoge.azurecr.io/App:1', 'syntax'],
    ['DOCKER|hoge.azurecr.io/app:', 'syntax'],
    ['DOCKER|hoge.azurecr.io/', 'syntax'],
    ['DOCKER|hoge.azurecr.io/app@sha256:1234', 'syntax'],
    ['DOCKER|-hoge.azurecr.io/app', 'syntax'],
  ])('%j is refused as %s', (text, kind) => {
    expect(parseFxVersion(text)).toMatchObject({ ok: false, problem: { kind } });
  });

  test('never throws, and what it accepts it reads the same again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((it) => `DOCKER|hoge.azurecr.io/${it}`),
        ),
        (text) => {
          const parsed = parseFxVersion(text);
          if (!parsed.ok || parsed.reference.digest) return;
          expect(parseFxVersion(`DOCKER|${formatReference(parsed.reference)}`)).toEqual(parsed);
        },
      ),
    );
  });
});
