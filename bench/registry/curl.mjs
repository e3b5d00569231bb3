import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs a program that must succeed: the milliseconds it took, and what it printed. */
export async function run(command, args, { env = process.env, input = '' } = {}) {
  const began = performance.now();
  const child = spawn(command, args, { env, stdio: 'pipe' });
  child.stdin.on('error', () => {}).end(input); // it may be gone, and have read none
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return { ms: performance.now() - began, stdout };
}

/** One curl with these options. They go over stdin, so that no token is in a list of processes. */
function curl(peer, options) {
  const all = [
    ['silent'],
    ['show-error'],
    ['fail'],
    // Debian's curl would speak HTTP/2 with one of them; its parallel transfers are then on one connection.
    ['http1.1'],
    ...Object.entries(peer.curl),
    ...options,
  ];
  const line = ([name, value]) => (value === undefined ? name : `${name} = "${value}"`);
  return run('curl', ['-q', '--config', '-'], { input: all.map(line).join('\n') });
}

/** Milliseconds to read all of these URLs over this many connections. */
export async function get(peer, urls, { connections = 1, accept = '*/*' } = {}) {
  const parallel = [['parallel'], ['parallel-immediate'], ['parallel-max', connections]];
  const { ms } = await curl(peer, [
    ['header', `Accept: ${accept}`],
    ...(connections > 1 ? parallel : []),
    ...urls.flatMap((url) => [
      ['url', url],
      ['output', '/dev/null'],
    ]),
  ]);
  return ms;
}

/** Milliseconds to send a file. */
export async function put(peer, url, file, type) {
  const { ms } = await curl(peer, [
    ['url', url],
    ['upload-file', file],
    ['header', `Content-Type: ${type}`],
  ]);
  return ms;
}

/** Milliseconds to push a blob as clients do: POST, one PATCH with all of it, PUT. */
export async function pushBlob(peer, repositoryUrl, file, digest) {
  const begun = await sendAndFollow(
    peer,
    [
      ['request', 'POST'],
      ['data', ''],
    ],
    `${repositoryUrl}/blobs/uploads/`,
  );
  const body = [
    ['request', 'PATCH'],
    ['upload-file', file],
    ['header', 'Content-Type: application/octet-stream'],
    ['header', 'Expect:'],
  ];
  const sent = await sendAndFollow(peer, body, begun.location.href);
  sent.location.searchParams.set('digest', digest);
  const ended = await curl(peer, [
    ['request', 'PUT'],
    ['data', ''],
    ['url', sent.location.href],
  ]);
  return begun.ms + sent.ms + ended.ms;
}

async function sendAndFollow(peer, options, url) {
  const { ms, stdout } = await curl(peer, [...options, ['dump-header', '-'], ['url', url]]);
  return { ms, location: new URL(/^location: *(\S+)/im.exec(stdout)[1], url) };
}
