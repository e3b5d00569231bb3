import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerPort, startLimitMs, warmUpProbe } from './container-settings.ts';
import { splitCommand } from './startup-command.ts';

const exposing = (...ports: string[]) => ({
  architecture: 'amd64',
  os: 'linux',
  config: { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) },
  rootfs: { type: 'layers', diff_ids: [] },
});

test.each<[Record<string, string>, string[], number]>([
  [{ WEBSITES_PORT: '3000', PORT: '4000' }, ['8080/tcp'], 3000],
  [{ PORT: '4000' }, ['8080/tcp'], 4000],
  [{}, ['8080/tcp', '9090/tcp'], 8080],
  [{}, ['53/udp', '8080'], 8080],
  [{}, [], 80],
  [{ WEBSITES_PORT: 'http' }, ['8080/tcp'], 8080],
  [{ WEBSITES_PORT: '70000' }, [], 80],
])('settings %j and an image that exposes %j: port %d', (settings, ports, port) => {
  expect(containerPort(settings, exposing(...ports))).toBe(port);
});

test.each([
  [undefined, 230],
  ['600', 600],
  ['9999', 1800],
  ['3', 10],
  ['soon', 230],
  ['-1', 230],
])('WEBSITES_CONTAINER_START_TIME_LIMIT %j: %d seconds', (setting, seconds) => {
  const settings: Record<string, string> = setting ? { WEBSITES_CONTAINER_START_TIME_LIMIT: setting } : {};
  expect(startLimitMs(settings)).toBe(seconds * 1000);
});

test.each<[Record<string, string>, string, number[]]>([
  [{}, '/robots933456.txt', [200, 404, 502]],
  [{ WEBSITE_WARMUP_PATH: '/ready?deep=1' }, '/ready?deep=1', [200, 404, 502]],
  [{ WEBSITE_WARMUP_PATH: 'http://elsewhere/' }, '/robots933456.txt', [200, 404, 502]],
  [{ WEBSITE_WARMUP_STATUSES: '200, 404' }, '/robots933456.txt', [200, 404]],
])('%j: asks for %s, and is content with %j', (settings, path, content) => {
  const probe = warmUpProbe(settings);
  expect([probe.path, [200, 404, 502].filter(probe.accepts)]).toEqual([path, content]);
});

test.each([
  ['', []],
  ['  ', []],
  ['node server.js', ['node', 'server.js']],
  ['sh -c "echo \'a b\'; exec x"', ['sh', '-c', "echo 'a b'; exec x"]],
  ["--name='a b' c\\ d", ['--name=a b', 'c d']],
  ['a "" b', ['a', '', 'b']],
  ['"a \\" b"', ['a " b']],
])('the startup command %j', (text, words) => {
  expect(splitCommand(text)).toEqual(words);
});

test('words in single quotes come back as they were', () => {
  const word = fc.string().map((text) => text.replaceAll("'", ''));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(splitCommand(words.map((one) => `'${one}'`).join(' '))).toEqual(words);
    }),
  );
});

test('any text gives words', () => {
  fc.assert(fc.property(fc.string(), (text) => void splitCommand(text)));
});
