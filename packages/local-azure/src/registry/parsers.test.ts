import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RegistryError } from './errors.ts';
import { parseDigest, parseRepository, parseTag } from './names.ts';
import { formatScope, parseScope, registryWide } from './permissions.ts';
import { parseChunkRange, parseRange } from './range.ts';
import { parseRoute } from './route.ts';

const component = fc.stringMatching(/^[a-z0-9]{1,5}(([._]|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
const repository = fc
  .array(fc.oneof(component, fc.constantFrom('blobs', 'manifests', 'uploads', 'tags', 'list')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join('/'));
const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);
const digest = fc.stringMatching(/^sha256:[a-f0-9]{64}$/);
const routeOrError = (path: string) => {
  try {
    return parseRoute(path);
  } catch (error) {
    return error;
  }
};

describe('routes', () => {
  test('every route that can be written is read back', () => {
    fc.assert(
      fc.property(repository, tag, digest, fc.uuid(), (name, someTag, someDigest, session) => {
        expect(parseRoute(`/v2/${name}/manifests/${someTag}`)).toEqual({
          kind: 'manifest',
          repository: name,
          reference: { tag: someTag },
        });
        expect(parseRoute(`/v2/${name}/manifests/${someDigest}`)).toMatchObject({
          reference: { digest: someDigest },
        });
        expect(parseRoute(`/v2/${encodeURIComponent(name)}/blobs/${someDigest}`)).toEqual({
          kind: 'blob',
          repository: name,
          digest: someDigest,
        });
        expect(parseRoute(`/v2/${name}/blobs/uploads/`)).toEqual({ kind: 'uploads', repository: name });
        expect(parseRoute(`/v2/${name}/blobs/uploads/${session}`)).toEqual({
          kind: 'upload',
          repository: name,
          session,
        });
        expect(parseRoute(`/v2/${name}/tags/list`)).toEqual({ kind: 'tags', repository: name });
        for (const written of [name, encodeURIComponent(name)]) {
          const acr = `/acr/v1/${written}`;
          expect(parseRoute(acr)).toEqual({ kind: 'acrRepository', repository: name });
          expect(parseRoute(`${acr}/_tags`)).toEqual({ kind: 'acrTags', repository: name });
          expect(parseRoute(`${acr}/_tags/${someTag}`)).toEqual({
            kind: 'acrTag',
            repository: name,
            tag: someTag,
          });
          expect(parseRoute(`${acr}/_manifests`)).toEqual({ kind: 'acrManifests', repository: name });
          expect(parseRoute(`${acr}/_manifests/${encodeURIComponent(someDigest)}`)).toEqual({
            kind: 'acrManifest',
            repository: name,
            digest: someDigest,
          });
        }
      }),
    );
  });

  test('whatever else is asked is refused with a status below 500', () => {
    const segment = fc.oneof(
      fc.string(),
      fc.constantFrom('..', '.', '', '%', '%2e%2e', '%00', 'blobs', 'uploads', '_tags', '_manifests'),
    );
    const api = fc.constantFrom('/v2/', '/acr/v1/');
    fc.assert(
      fc.property(api, fc.array(segment, { maxLength: 6 }), (prefix, segments) => {
        const result = routeOrError(`${prefix}${segments.join('/')}`);
        if (result instanceof RegistryError) expect(result.status).toBeLessThan(500);
        else expect(result).not.toBeInstanceOf(Error);
      }),
    );
  });

  test.each([
    ['/v2/../../etc/passwd/manifests/1', 'NAME_INVALID'],
    ['/v2/%2e%2e/%2e%2e/blobs/sha256:00', 'NAME_INVALID'],
    ['/v2/UPPER/manifests/1', 'NAME_INVALID'],
    ['/v2//manifests/1', 'NAME_INVALID'],
    [`/v2/${'a'.repeat(256)}/manifests/1`, 'NAME_INVALID'],
    ['/v2/a%/manifests/1', 'NAME_INVALID'],
    ['/v2/a/manifests/.tag', 'TAG_INVALID'],
    ['/v2/a/manifests/sha256:1', 'DIGEST_INVALID'],
    ['/v2/a/blobs/latest', 'DIGEST_INVALID'],
    ['/acr/v1/', 'NAME_UNKNOWN'],
    ['/acr/v1/UPPER', 'NAME_UNKNOWN'],
    ['/acr/v1/a/', 'NAME_UNKNOWN'],
    ['/acr/v1/a/%2e%2e/_tags', 'NAME_UNKNOWN'],
    ['/acr/v1/a/_tags/', 'NAME_UNKNOWN'],
    ['/acr/v1/a/_tags/[]', 'NAME_UNKNOWN'],
    ['/acr/v1/a/_tags/1/2', 'NAME_UNKNOWN'],
    ['/acr/v1/a/_manifests/latest', 'NAME_UNKNOWN'],
    ['/acr/v1/a/_manifests/sha256:1', 'NAME_UNKNOWN'],
    ['/acr/v1/_tags', 'NAME_UNKNOWN'],
    ['/acr/v1/_deleted/_catalog', 'NAME_UNKNOWN'],
    ['/acr/v1/a%', 'NAME_INVALID'],
    ['/acr/v2/a', 'NAME_UNKNOWN'],
    ['/v1/', 'NAME_UNKNOWN'],
    ['/', 'NAME_UNKNOWN'],
    ['', 'NAME_UNKNOWN'],
  ])('%s is %s', (path, code) => {
    expect(routeOrError(path)).toMatchObject({ code });
  });
});

describe('names', () => {
  test.each(['a', 'a/b', 'a.b', 'a__b', 'a---b', '0', 'library/hello-world'])(
    '%s is a repository',
    (text) => {
      expect(parseRepository(text)).toBe(text);
    },
  );
  test.each(['', '/', 'a/', '/a', 'a//b', 'a..b', 'a___b', '-a', 'a-', 'A', 'a b', 'a\n', '..'])(
    '%j is none',
    (text) => expect(parseRepository(text)).toBeUndefined(),
  );
  test('a long hostile name is judged at once', () => {
    expect(parseRepository(`${'a-'.repeat(127)}!`)).toBeUndefined();
    expect(parseRepository(`${'a_'.repeat(100_000)}`)).toBeUndefined();
  });
  test('tags and digests', () => {
    expect(parseTag('a'.repeat(128))).toBeDefined();
    expect(parseTag('a'.repeat(129))).toBeUndefined();
    expect(parseTag('-a')).toBeUndefined();
    expect(parseDigest(`sha256:${'A'.repeat(64)}`)).toBeUndefined();
    expect(parseDigest(`sha512:${'a'.repeat(64)}`)).toBeUndefined();
    expect(parseDigest(`sha256:${'a'.repeat(64)}\n`)).toBeUndefined();
  });
});

describe('ranges', () => {
  test('a range lies within the body, whatever is asked', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat().map((n) => `bytes=${n}-`),
      fc.nat().map((n) => `bytes=-${n}`),
      fc.stringMatching(/^bytes=\d{300}-\d{300}$/),
    );
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const range = parseRange(text, size);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
  test.each([
    [undefined, 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['pages=0-1', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=5-2', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=0-', { start: 0, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
  ])('%s of 10 bytes', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });
  test('chunk ranges', () => {
    expect(parseChunkRange('0-9')).toEqual({ start: 0, end: 9 });
    for (const text of ['', '-', '0-', '9-0', 'bytes 0-9', `0-${'9'.repeat(16)}`]) {
      expect(parseChunkRange(text)).toBeUndefined();
    }
  });
});

describe('scopes', () => {
  const actions = fc.subarray(['pull', 'push', 'delete', 'metadata_read'], { minLength: 1 });
  test('what is written is read back', () => {
    const name = fc.oneof(repository, fc.constant('localhost:5000/a'));
    fc.assert(
      fc.property(name, actions, (repositoryName, wanted) => {
        const scope = { type: 'repository', name: repositoryName, actions: wanted };
        expect(parseScope(formatScope(scope))).toEqual(scope);
      }),
    );
  });
  test('a cut never gives more than was asked for', () => {
    fc.assert(
      fc.property(actions, fc.subarray(['read', 'write', 'delete'] as const), (wanted, permissions) => {
        const cut = registryWide(permissions)({ type: 'repository', name: 'a', actions: wanted });
        expect(wanted).toEqual(expect.arrayContaining(cut.actions));
        expect(cut.actions.includes('push')).toBe(wanted.includes('push') && permissions.includes('write'));
      }),
    );
  });
  test.each(['', 'repository', 'repository:a', ':a:pull'])('%j is none', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
  test.each(['toString', 'constructor', '__proto__'])('%s is no action', (action) => {
    const scope = { type: 'repository', name: 'a', actions: [action] };
    expect(registryWide(['read', 'write'])(scope).actions).toEqual([]);
  });
});
