import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { createAgentFor } from './agent-for.ts';

const agent = new Agent();
const door = createAgentFor({ agent, allowOtherHosts: false });
const openDoor = createAgentFor({ agent, allowOtherHosts: true });

test.each([
  'https://hoge-app.azurewebsites.net/hook',
  'https://$hoge-app:secret@hoge-app.scm.azurewebsites.net/docker/hook',
])('%s is reached through the front door', (url) => {
  expect(door(new URL(url))).toBe(agent);
});

test.each([
  'http://localhost:8080/',
  'https://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://[::1]:80/',
])('%s is this machine, and reached directly', (url) => {
  expect(door(new URL(url))).toBe(false);
});

test.each([
  'http://example.com/',
  'http://localhost.example.com/',
  'http://127.0.0.1.example.com/',
  'http://169.254.169.254/',
  'http://[::ffff:7f00:1]/',
  'http://0.0.0.0/',
])('%s is refused unless other hosts are allowed', (url) => {
  expect(() => door(new URL(url))).toThrow('--allow-other-hosts');
  expect(openDoor(new URL(url))).toBe(false);
});

test("Azure's hosts are served over TLS only, whoever else is allowed", () => {
  expect(() => openDoor(new URL('http://hoge-app.azurewebsites.net/'))).toThrow('HTTPS only');
});
