import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../../test/http-server.ts';
import type { Clock } from '../clock.ts';
import type { Container } from './engines/engine.ts';
import { SwapFailure } from './site.ts';
import { warmUpForSwap } from './swap-warm-up.ts';

const clock: Clock = { now: () => 0, sleep: async () => {} };
const signal = new AbortController().signal;
let server: HttpServer;
let asked: string[];
/** What each request is answered with; undefined breaks the connection. */
let answers: (number | undefined)[];

beforeAll(async () => {
  server = await startHttpServer((incoming, response) => {
    asked.push(`${incoming.headers['user-agent']} ${incoming.url}`);
    const status = answers.shift();
    if (status === undefined) incoming.destroy();
    else response.writeHead(status).end();
  });
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  answers = [];
});

async function warmUp(settings: Record<string, string>): Promise<string> {
  const container = { address: { host: '127.0.0.1', port: server.port } } as Container;
  try {
    await warmUpForSwap(container, settings, clock, signal);
    return 'warm';
  } catch (error) {
    expect(error).toBeInstanceOf(SwapFailure);
    return (error as SwapFailure).message;
  }
}

const path = (value: string) => ({ WEBSITE_SWAP_WARMUP_PING_PATH: value });
const statuses = (value: string) => ({ WEBSITE_SWAP_WARMUP_PING_STATUSES: value });

test.each<[what: string, Record<string, string>, answers: (number | undefined)[], outcome: string]>([
  ['any answer will do', {}, [500], 'warm'],
  ['one of the statuses', statuses('200, 202'), [202], 'warm'],
  [
    'another status',
    statuses('200,202'),
    [404, 200],
    '/ was answered with 404, and WEBSITE_SWAP_WARMUP_PING_STATUSES is 200,202',
  ],
  ['no answer at first', {}, [undefined, undefined, undefined, undefined, 200], 'warm'],
  ['no answer five times', {}, [], '/ was not answered'],
  [
    'no answer twice',
    { WEBSITE_SLOT_MAX_NUMBER_OF_TIMEOUTS: '2' },
    [undefined, undefined, 200],
    '/ was not answered',
  ],
  [
    'a path that is none',
    path('http://elsewhere'),
    [],
    'WEBSITE_SWAP_WARMUP_PING_PATH is no path: http://elsewhere',
  ],
])('%s', async (_what, settings, given, outcome) => {
  answers = [...given];
  expect(await warmUp(settings)).toBe(outcome);
});

test('the path is asked as it is given, by the agent that the platform has', async () => {
  answers = [200];
  expect(await warmUp(path('/status?deep=1'))).toBe('warm');
  expect(asked).toEqual(['SiteWarmup /status?deep=1']);
});
