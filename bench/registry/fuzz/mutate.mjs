const methods = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE'];
const oddSegments = [
  '..',
  '.',
  '',
  '%2e%2e',
  '%2f',
  '%00',
  '%zz',
  '%',
  '%e4',
  '%C3%A4',
  'UPPER',
  '_x',
  'a--b',
  '~',
  ':',
  '@',
];
const oddDigests = [
  'sha256:',
  'sha256:xyz',
  'sha512:ab',
  'md5:d41d8cd98f00b204e9800998ecf8427e',
  'SHA256:00',
  'sha256:%00',
];
const oddNumbers = ['-1', '0', '00', '1e3', '0x10', '999999999999999999999', 'NaN', ' ', '1.5', '٣'];
const oddRanges = [
  'bytes=-',
  'bytes=0-',
  'bytes=--1',
  'bytes=18446744073709551616-',
  '0-0',
  'bytes=0-1, 2-3',
  'bytes 0-1/2',
  '5',
  '10-2',
];
const oddTypes = [
  '',
  'text/plain',
  'application/json',
  ';',
  'application/vnd.oci.image.index.v1+json; charset=x',
  'a'.repeat(5000),
];
const oddTexts = [
  '',
  'null',
  '[]',
  '{}',
  '"',
  '{"schemaVersion":2}',
  '\u0000',
  '<a/>',
  '[[[['.repeat(20_000),
  '{"a":'.repeat(20_000),
];
const headerNames = [
  'range',
  'content-range',
  'content-type',
  'accept',
  'if-none-match',
  'x-meta-source',
  'expect',
  'docker-upload-uuid',
];

/** A piece of `request.path` between slashes is replaced by what `replace` makes of it. */
function onSegment(random, request, replace) {
  const segments = request.path.split('/');
  const at = 1 + random.below(segments.length - 1);
  segments[at] = replace(segments[at]);
  request.path = segments.join('/');
}

function onJson(random, request) {
  let json;
  try {
    json = JSON.parse(request.body);
  } catch {
    return;
  }
  const odd = () =>
    random.pick([
      null,
      '',
      'x',
      -1,
      1.5,
      1e300,
      true,
      [],
      {},
      [null],
      { digest: 'x' },
      `sha256:${'g'.repeat(64)}`,
    ]);
  let place = json;
  for (let depth = 0; depth < 3; depth++) {
    const keys = Object.keys(place ?? {});
    if (keys.length === 0) return;
    const key = random.pick(keys);
    if (depth === 2 || typeof place[key] !== 'object' || random.chance(0.4)) {
      if (random.chance(0.3)) delete place[key];
      else place[key] = odd();
      break;
    }
    place = place[key];
  }
  request.body = Buffer.from(JSON.stringify(json));
}

const mutations = [
  (random, request) => {
    request.method = random.pick(methods);
  },
  (random, request) => onSegment(random, request, () => random.pick(oddSegments)),
  (random, request) => onSegment(random, request, (segment) => `${segment}/${random.pick(oddSegments)}`),
  (random, request) =>
    onSegment(random, request, (segment) => segment.slice(0, random.below(segment.length + 1))),
  (random, request) => onSegment(random, request, () => 'a'.repeat(random.pick([129, 256, 3000]))),
  (random, request) => onSegment(random, request, () => random.pick(oddDigests)),
  (random, request) => {
    request.path = random.pick([
      '/',
      '//',
      '/v2//',
      `${request.path}/`,
      request.path.replace('/v2', ''),
      '/v3/',
      `/v2/${request.path}`,
      '/acr/v1/_catalog',
    ]);
  },
  (random, request) => {
    const query = request.query;
    const name =
      query.length > 0
        ? random.pick(query)[0]
        : random.pick(['n', 'last', 'digest', 'mount', 'from', 'tag', 'scope']);
    const value = random.pick([...oddNumbers, ...oddSegments, ...oddDigests, 'x'.repeat(2000)]);
    request.query = random.chance(0.5)
      ? [...query, [name, value]]
      : [...query.filter(([other]) => other !== name), [name, value]];
  },
  (_random, request) => {
    request.query = [];
  },
  (random, request) => {
    request.headers[random.pick(headerNames)] = random.pick([
      ...oddRanges,
      ...oddTypes,
      ...oddNumbers.slice(0, 8),
    ]);
  },
  (random, request) => {
    delete request.headers[random.pick(Object.keys(request.headers).concat('authorization'))];
  },
  (random, request) => {
    // A token with a byte changed, or a piece of it.
    const { authorization = 'Bearer x.y.z' } = request.headers;
    const at = random.below(authorization.length);
    request.headers.authorization = random.pick([
      authorization.slice(0, at),
      `${authorization.slice(0, at)}${random.pick(['A', '.', ' ', '='])}${authorization.slice(at + 1)}`,
      authorization.replace(' ', '  '),
      authorization.replace('Bearer', 'Basic'),
    ]);
  },
  (random, request) => {
    request.headers.host = random.pick([
      'other.azurecr.io',
      'none.azurecr.io',
      'FUZZY.azurecr.io:443',
      'localhost',
      '',
    ]);
  },
  (random, request) => {
    request.headers.padding = 'x'.repeat(random.pick([1000, 20_000]));
  },
  (random, request) => {
    request.body = Buffer.from(random.pick(oddTexts));
  },
  (random, request) => {
    request.body = request.body?.subarray(0, random.below(request.body.length + 1));
  },
  (random, request) => {
    if (!request.body?.length) return;
    request.body = Buffer.from(request.body);
    request.body[random.below(request.body.length)] ^= 1 << random.below(8);
  },
  onJson,
  onJson,
  (random, request) => {
    request.wire = random.pick(['chunked', 'slow', 'broken', 'longer', 'shorter']);
  },
  (_random, request) => {
    request.wire = 'chunked';
  },
];

/** Spoils a request in one way, or in a few. */
export function mutate(random, request) {
  do random.pick(mutations)(random, request);
  while (random.chance(0.25));
}
