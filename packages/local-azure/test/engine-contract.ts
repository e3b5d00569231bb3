import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContainerSpec, Engine, ImageConfig, LocalImage } from '../src/app-service/engines/engine.ts';
import { get, getWhenReady } from './container-http.ts';
import { assembleImage, type Entry, nodeLayer, readFileServer } from './container-image.ts';

/** What every engine must do, whatever it runs on. `missing` is why it cannot run on this machine. */
export function describeEngine(
  name: string,
  missing: string | undefined,
  open: () => Promise<Engine>,
  { tellsExitCode = true } = {},
): void {
  const title = missing ? `${name} (skipped: ${missing})` : name;
  describe.skipIf(missing)(title, () => {
    const serve = ['--serve=0.0.0.0:80', '--servedir=/www', '--watch=forever'];
    let directory: string;
    let engine: Engine;
    let layers: Entry[][];
    let fileServer: LocalImage;
    let count = 0;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'local-azure-engine-'));
      engine = await open();
      layers = [
        [
          { name: 'bin', type: 'directory', mode: 0o755 },
          { name: 'bin/esbuild', mode: 0o755, content: await readFileServer() },
        ],
        [
          { name: 'www', type: 'directory', mode: 0o755 },
          { name: 'www/index.html', content: 'Hello from the container' },
          { name: 'broken', mode: 0o755, content: 'neither a script nor a program' },
          { name: 'plain.txt', mode: 0o644, content: 'not executable' },
          { name: 'main.js', content: 'console.log(process.env.GREETING, process.env.COLOUR)' },
        ],
      ];
      fileServer = await image({ Entrypoint: ['/bin/esbuild'], Cmd: serve });
    });
    afterAll(async () => {
      await engine?.close();
      await rm(directory, { recursive: true, force: true });
    });

    const image = (config: NonNullable<ImageConfig['config']>) =>
      assembleImage(join(directory, `image-${count++}`), layers, config);

    async function run(image: LocalImage, spec: Partial<ContainerSpec> = {}) {
      const output: string[] = [];
      const container = await engine.run({
        name: `contract_${process.pid}_${count++}`,
        image,
        env: {},
        port: 80,
        onOutput: (stream, line) => output.push(`${stream}: ${line}`),
        ...spec,
      });
      return { container, output };
    }

    test('a container answers HTTP on its own port 80, and is gone after stop', async () => {
      const { container, output } = await run(fileServer);
      expect(await getWhenReady(container, '/')).toBe('Hello from the container');
      await container.stop(5000);
      await container.exited;
      await expect(get(container, '/')).rejects.toThrow();
      expect(output.join('\n')).toContain(' http://127.0.0.1:80/');
    });

    test('two containers of one image each have a port 80 and files of their own', async () => {
      const both = await Promise.all([run(fileServer), run(fileServer)]);
      for (const { container } of both) {
        expect(await getWhenReady(container, '/')).toBe('Hello from the container');
      }
      await Promise.all(both.map(({ container }) => container.stop(5000)));
    });

    test('output comes by line, from the stream it was written to, and the exit code is told', async () => {
      const { container, output } = await run(fileServer, { command: ['--no-such-flag'] });
      expect(await container.exited).toMatchObject({ code: 1 });
      expect(output.join('\n')).toMatch(/^stderr: .*"--no-such-flag"$/m);

      const version = await run(fileServer, { command: ['--version'] });
      expect(await version.container.exited).toMatchObject({ code: 0 });
      expect(version.output).toEqual([expect.stringMatching(/^stdout: \d+\.\d+\.\d+$/)]);
    });

    test('the command replaces Cmd and keeps Entrypoint; WorkingDir is made; PATH is searched', async () => {
      const relative = await image({
        Entrypoint: ['esbuild'],
        Cmd: ['--version'],
        WorkingDir: '/made/for/this',
        Env: ['PATH=/sbin:/bin'],
      });
      const { container, output } = await run(relative, { command: ['../../../main.js', '--minify'] });
      expect(await container.exited).toMatchObject({ code: 0 });
      expect(output).toEqual(['stdout: console.log(process.env.GREETING,process.env.COLOUR);']);
    });

    test.each([
      { what: 'a path', entrypoint: '/no/such/program', says: /no such file or directory/, exitCode: 127 },
      {
        what: 'a name',
        entrypoint: 'no-such-program',
        says: /executable file not found in \$PATH/,
        exitCode: 127,
      },
      { what: 'a plain file', entrypoint: '/plain.txt', says: /permission denied/, exitCode: 126 },
    ])('$what that cannot be executed refuses to start', async ({ entrypoint, says, exitCode }) => {
      const broken = await image({ Entrypoint: [entrypoint] });
      await expect(run(broken)).rejects.toMatchObject({
        message: expect.stringMatching(says),
        ...(tellsExitCode ? { exitCode } : {}),
      });
    });

    test('a program for another machine: exec format error', async () => {
      const broken = await image({ Entrypoint: ['/broken'] });
      const { container, output } = await run(broken);
      expect(await container.exited).toMatchObject({ code: 1 });
      expect(output.join('\n')).toMatch(/^stderr: .*exec format error$/);
    });

    test('an image without a command refuses to start', async () => {
      await expect(run(await image({}))).rejects.toThrow(/no command /i);
    });

    test('a port where nothing listens refuses', async () => {
      const { container } = await run(fileServer, { port: 81 });
      await expect(get(container, '/')).rejects.toThrow();
      await container.stop(5000);
    });

    test('a container reaches the service that the host has for it, and no other container does', async () => {
      const app = `
        const { SERVICE, OTHER } = process.env;
        const ask = (url) => fetch(url).then((answer) => answer.text(), () => 'out of reach');
        const answers = await Promise.all([SERVICE, OTHER].map((url) => url && ask(url)));
        console.log(JSON.stringify({ SERVICE, answers }));
        setInterval(() => {}, 1e6);`;
      const files = [{ name: 'app.mjs', content: app }];
      const node = await assembleImage(
        join(directory, 'node'),
        [await nodeLayer(), files],
        { Entrypoint: ['/node', '/app.mjs'] },
        (tar) => tar,
      );
      const runWith = async (name: string, env: Record<string, string> = {}) => {
        const server = createServer((_request, response) => response.end(`for ${name}`));
        const { container, output } = await run(node, {
          env,
          hostService: {
            serve: (connection) => server.emit('connection', connection),
            env: (origin) => ({ SERVICE: origin }),
          },
        });
        await expect.poll(() => output, { timeout: 10_000 }).not.toEqual([]);
        return { container, ...JSON.parse(output[0]!.replace('stdout: ', '')) };
      };
      const first = await runWith('first');
      expect(first.container.shortfalls).toEqual([]);
      expect(first.answers).toEqual(['for first', null]);
      const second = await runWith('second', { OTHER: first.SERVICE });
      expect(second.answers[0]).toBe('for second');
      expect(second.answers[1]).not.toBe('for first');
      await Promise.all([first, second].map(({ container }) => container.stop(0)));
    });

    test('close stops what runs', async () => {
      const own = await open();
      const container = await own.run({
        name: `contract_${process.pid}_${count++}`,
        image: fileServer,
        env: {},
        port: 80,
        onOutput: () => {},
      });
      await getWhenReady(container, '/');
      await own.close();
      await container.exited;
      await expect(get(container, '/')).rejects.toThrow();
    });
  });
}
