import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Answer, root } from '../../test/arm-server.ts';
import { bodies, location, registries } from '../../test/request-bodies.ts';
import { app, group, plan, siteBody, slot, startWebServer, type WebServer } from '../../test/web-server.ts';
import { namespaces } from './api-versions.ts';
import type { Route } from './route.ts';

// Every route, fuzzed from its own data: its path filled with names that are there and names that nobody should use, and
// bodies that a client could send, broken in one place. Bounded and seeded here; `bench/fuzz.mjs` runs it for long.

const runs = Number(process.env.FUZZ_RUNS ?? 400);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_124);

let at: WebServer;

beforeAll(async () => {
  at = await startWebServer();
  await fill();
});
afterAll(() => at.close());

/** What the names below stand for; a run may have deleted it. */
async function fill(): Promise<void> {
  // A group that is being deleted has to be gone first.
  await vi.waitFor(async () =>
    expect((await at.call('PUT', group, { body: { location } })).status).toBeLessThan(400),
  );
  for (const namespace of namespaces) await at.call('POST', `${root}/providers/${namespace}/register`);
  await at.makePlan('plan', 'S1');
  await at.call('PUT', `${registries}/hoge1`, { body: { location, sku: { name: 'Premium' } } });
  await at.call('PUT', app('hoge1'), { body: siteBody() });
  await at.call('PUT', slot('hoge1'), { body: siteBody() });
  at.takeAsked();
}

/** Of each parameter, what may well be there. */
const known: Record<string, string[]> = {
  subscriptionId: [root.slice('/subscriptions/'.length)],
  resourceGroupName: ['blog', 'BLOG'],
  name: ['hoge1', 'plan', 'new-one'],
  slot: ['staging', 'production', 'new'],
  registryName: ['hoge1', 'new11'],
  scopeMapName: ['_repositories_pull', 'reader'],
  tokenName: ['token1'],
  webhookName: ['webhook1'],
  resourceProviderNamespace: ['Microsoft.Web', 'microsoft.nothing'],
  tagName: ['env'],
  tagValue: ['test'],
};
const strange = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    ' ',
    "'",
    '"',
    '%00',
    '%2F',
    '%zz',
    '%F0%9F%90%B6',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom('a'.repeat(300), '*', '$', 'a;b', 'x|y', '0', '-1', 'null', 'providers', 'a?b', 'a#b'),
  fc.string({ maxLength: 40 }).map(encodeURIComponent),
);
const scopes = fc.constantFrom(
  root,
  group,
  `${registries}/hoge1`,
  app('hoge1'),
  slot('hoge1'),
  '',
  '/x',
  '/subscriptions',
);

const segment = (name: string) => {
  const usual = fc.constantFrom(...(known[name] ?? ['hoge1', randomUUID()]));
  return fc.oneof({ weight: 25, arbitrary: usual }, { weight: 1, arbitrary: strange });
};

function pathOf({ path }: Route): fc.Arbitrary<string> {
  const parts = path.split('/').map((part) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (!name) return fc.constant(part);
    return name === 'scope' ? scopes.map((scope) => scope.slice(1)) : segment(name);
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

const queries = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  fc
    .tuple(
      fc.constantFrom('$top', '$filter', '$expand', '$skipToken', 'deleteEmptyServerFarm', 'x'),
      fc.oneof(
        fc.constantFrom(
          '1',
          '0',
          '-1',
          '9'.repeat(30),
          "name eq 'a'",
          "substringof('a', name)",
          "name eq '",
          'atScope()',
        ),
        fc.string({ maxLength: 30 }),
      ),
    )
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
);

const anyBody = bodies.map(([, body]) => body);

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    '',
    [],
    {},
    [[]],
    { type: 1 },
    'a'.repeat(5000),
    '\u0000',
    '{{x}}',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The body with what is at one of its places, at any depth, taken away, renamed or replaced. */
function breakAt(
  body: unknown,
  place: number,
  change: (holder: Record<string, unknown>, key: string) => void,
): unknown {
  const copy = structuredClone(body);
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const [holder, key] = places[place % places.length]!;
  change(holder, key);
  return copy;
}

const brokenBody = (body: object) =>
  fc
    .tuple(fc.nat(100), fc.constantFrom('keep', 'replace', 'remove', 'rename'), junk)
    .map(([place, how, value]) => {
      if (how === 'keep') return JSON.stringify(body);
      return JSON.stringify(
        breakAt(body, place, (holder, key) => {
          if (how === 'replace') holder[key] = value;
          else delete holder[key];
          if (how === 'rename') Object.defineProperty(holder, '__proto__', { value, enumerable: true });
        }),
      );
    });
const noBody = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '7',
    '{"a":1,"a":2}',
    '{"location":"japaneast","location":7}',
  ),
  fc.constantFrom(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, `{"tags":"${'x'.repeat(100_000)}"}`),
  fc.string().map((junk) => JSON.stringify({ [junk]: junk })),
);

/** Mostly a body that the route takes, broken in one place or whole. */
function textFor({ path }: Route): fc.Arbitrary<string> {
  const fitting = bodies.filter(([pattern]) => pattern.test(path)).map(([, body]) => body);
  const [first = {}, ...others] = fitting.length > 0 ? fitting : anyBody;
  return fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(first, ...others).chain(brokenBody) },
    { weight: 1, arbitrary: fc.constantFrom(...anyBody).chain(brokenBody) },
    { weight: 1, arbitrary: noBody },
  );
}

const headers = fc.oneof(
  { weight: 25, arbitrary: fc.constant({}) },
  fc.constantFrom<Record<string, string>>(
    { 'if-match': '"x"' },
    { 'if-none-match': '*' },
    { 'content-type': 'text/xml' },
    { 'x-ms-correlation-request-id': 'a b' },
  ),
);

/** Azure's own words, in its own envelope, and nothing of the inside. */
function expectAnswer({ status, body }: Answer): void {
  expect(status === 501 || status < 500, `${status} ${JSON.stringify(body)}`).toBe(true);
  if (status < 400) return;
  const { code, message } = body?.error ?? { code: body?.Code, message: body?.Message };
  if (body !== '') expect([typeof code, typeof message]).toEqual(['string', 'string']);
  expect(String(message)).not.toMatch(/\n\s+at |node:|\.ts:|undefined|\[object|SQLITE/);
}

test(
  'no request that anybody can think of is answered with a fault',
  async () => {
    const request = fc.constantFrom(...at.routes).chain((route) =>
      fc.record({
        method: fc.oneof(
          { weight: 8, arbitrary: fc.constant<string>(route.method) },
          fc.constantFrom('GET', 'PUT', 'PATCH', 'POST', 'DELETE'),
        ),
        path: pathOf(route),
        query: queries,
        text: textFor(route),
        headers,
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, text, headers }) => {
        const body = method === 'GET' ? {} : { body: text };
        // What follows a `#` is no part of a request.
        const target = `${path}${query && `?${query}`}`.replaceAll('#', '%23');
        expectAnswer(
          await at.call(method, target.startsWith('/') ? target : `/${target}`, { headers, ...body }),
        );
        expect(at.errors).toEqual([]);
        if (method === 'DELETE' || path.endsWith('/unregister')) await fill();
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
  },
  runs * 100,
);

test('after all that, what is there is still whole', async () => {
  await fill();
  expect((await at.call('GET', plan('plan'))).status).toBe(200);
  expect((await at.call('GET', app('hoge1'))).status).toBe(200);
});
