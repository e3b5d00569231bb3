import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { host, type OneSite, startOneSite } from '../../test/one-site.ts';

let at: OneSite;
beforeEach(async () => {
  at = await startOneSite();
});
afterEach(() => at.close());

describe('the proxy', () => {
  test('says who asks, and keeps the host', async () => {
    at.engine.answer = ({ headers, url }) =>
      JSON.stringify([headers.host, headers['x-forwarded-proto'], url, headers['x-secret']]);
    const answer = await at.visit('site', '/a?b=c', { connection: 'x-secret', 'x-secret': '1' });
    expect(JSON.parse(await text(answer))).toEqual([host, 'http', '/a?b=c', null]);
  });

  test('carries upgrades both ways', async () => {
    const socket = connect(await at.serve('site'), '127.0.0.1');
    socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await expect.poll(() => received).toMatch(/101 Switching[\s\S]*http $/);
    socket.write('ping');
    await expect.poll(() => received).toMatch(/ping$/);
    socket.destroy();
  });

  test('a container that no longer answers is a bad gateway, also for a request with a body', async () => {
    (await at.visit()).resume();
    const [container] = at.engine.servers;
    await container!.close();
    expect((await at.visit()).statusCode).toBe(502);
    const outgoing = request({ port: await at.serve('site'), method: 'POST', headers: { host } });
    outgoing.write('the first part');
    const [response] = await once(outgoing, 'response');
    expect(response.statusCode).toBe(502);
    outgoing.destroy();
  });

  test('streams a body both ways', async () => {
    at.engine.echo = true;
    const outgoing = request({ port: await at.serve('site'), method: 'POST', headers: { host } });
    outgoing.write('ping');
    const [response] = await once(outgoing, 'response');
    const [chunk] = await once(response, 'data');
    expect(String(chunk)).toBe('ping');
    outgoing.end(' pong');
    expect(await text(response)).toBe(' pong');
  });

  test('a host without a site', async () => {
    expect((await at.visit('site', '/', { host: 'nosuch.azurewebsites.net' })).statusCode).toBe(404);
  });
});
