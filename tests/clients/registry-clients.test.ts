import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminRegistry, createAdminRegistry } from '../admin-registry.ts';
import { goInstall, skipNote } from '../go-programs.ts';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';

// Clients as they are, through the registry's real name. Each logs in with the admin user and keeps to its own
// repositories; what one of them pushed is judged by its digest.

const [crane, oras] = await Promise.all([
  goInstall('github.com/google/go-containerregistry/cmd/crane@v0.22.1'),
  goInstall('oras.land/oras/cmd/oras@v1.3.6'),
]);

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';

let azure: LocalAzureProcess;
let registry: AdminRegistry;
let folder: string;
let image: { layout: string; digest: string };
/** The same image for two architectures, as an index. */
let multiArch: { layout: string; digest: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-clients-'));
  const sample = await writeSampleLayout('1');
  image = { layout: sample.folder, digest: sample.digest };
  multiArch = await writeIndexLayout(image, join(folder, 'multi-arch'));
  azure = await startLocalAzure({ args: ['--engine', 'none'] });
  registry = await createAdminRegistry(azure);
});
afterAll(async () => {
  await azure?.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(image.layout, { recursive: true, force: true });
  await Promise.all([crane.remove(), oras.remove()]);
});

/** A layout whose one entry is an index of the image under two platforms. Source: image-spec image-index.md. */
async function writeIndexLayout(source: { layout: string; digest: string }, layout: string) {
  await cp(source.layout, layout, { recursive: true });
  const { size } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')).manifests[0];
  const entry = (architecture: string) => ({
    mediaType: ociManifest,
    digest: source.digest,
    size,
    platform: { architecture, os: 'linux' },
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: ociIndex,
    manifests: [entry('amd64'), entry('arm64')],
  });
  const digest = `sha256:${createHash('sha256').update(index).digest('hex')}`;
  await writeFile(join(layout, 'blobs', ...digest.split(':')), index);
  const annotations = { 'org.opencontainers.image.ref.name': '1' };
  const manifests = [{ mediaType: ociIndex, digest, size: index.length, annotations }];
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return { layout, digest };
}

/** Runs a client that must succeed, and gives what it printed. */
const client =
  (program: string, settings: () => { args?: string[]; env?: NodeJS.ProcessEnv } = () => ({})) =>
  async (...args: string[]): Promise<string> => {
    const { args: first = [], env = {} } = settings();
    const { code, stdout, stderr } = await azure.run(program, [...first, ...args], { env });
    expect(code, `${program} ${args[0]}: ${stdout}${stderr}`).toBe(0);
    return stdout.trim();
  };

const of = (repository: string) => `${registry.host}/${repository}`;
const noProgram = (program: string) => (missing(program) ? `no ${program} on this machine` : undefined);

const noSkopeo = noProgram('skopeo');
describe.skipIf(noSkopeo)(`skopeo${skipNote(noSkopeo)}`, () => {
  const skopeo = client('skopeo', () => ({ env: { REGISTRY_AUTH_FILE: join(folder, 'skopeo.json') } }));
  const inspect = async (reference: string) => JSON.parse(await skopeo('inspect', '--raw', reference));
  const login = () => skopeo('login', '-u', registry.username, '-p', registry.password, registry.host);
  const docker = (reference: string) => `docker://${of(reference)}`;

  test.each([
    ['oci', ociManifest],
    ['v2s2', dockerManifest],
  ])('pushes and pulls an image as %s', async (format, mediaType) => {
    await login();
    const target = docker(`skopeo/formats:${format}`);
    await skopeo('copy', '--format', format, `oci:${image.layout}:1`, target);
    expect((await inspect(target)).mediaType).toBe(mediaType);
    await skopeo('copy', target, `dir:${join(folder, `pulled-${format}`)}`);
    const pulled = await readFile(join(folder, `pulled-${format}`, 'manifest.json'), 'utf8');
    expect(JSON.parse(pulled).mediaType).toBe(mediaType);
  });

  test.each([
    ['oci', ociIndex],
    ['v2s2', dockerList],
  ])('pushes, copies and pulls all of an index as %s', async (format, mediaType) => {
    await login();
    const [pushed, copied] = [docker(`skopeo/${format}:1`), docker(`skopeo/${format}-copied:1`)];
    await skopeo('copy', '--all', '--format', format, `oci:${multiArch.layout}:1`, pushed);
    await skopeo('copy', '--all', '--preserve-digests', pushed, copied);
    const { mediaType: stored, manifests } = await inspect(copied);
    expect(stored).toBe(mediaType);
    expect(manifests).toMatchObject([
      { platform: { architecture: 'amd64' } },
      { platform: { architecture: 'arm64' } },
    ]);
    await skopeo('copy', '--all', copied, `dir:${join(folder, `index-${format}`)}`);
  });

  test('pushes and pulls by the port on loopback', async () => {
    const creds = `${registry.username}:${registry.password}`;
    const target = `docker://${registry.loopback}/skopeo/loopback:1`;
    const to = ['--dest-tls-verify=false', '--dest-creds', creds];
    await skopeo('copy', ...to, `oci:${image.layout}:1`, target);
    const from = ['--src-tls-verify=false', '--src-creds', creds];
    await skopeo('copy', ...from, target, `dir:${join(folder, 'pulled-loopback')}`);
  });

  test('lists tags, and deletes a manifest with its tags', async () => {
    await login();
    const tags = async () => JSON.parse(await skopeo('list-tags', docker('skopeo/deleted'))).Tags;
    await skopeo('copy', `oci:${image.layout}:1`, docker('skopeo/deleted:oci'));
    await skopeo('copy', '--format', 'v2s2', `oci:${image.layout}:1`, docker('skopeo/deleted:docker'));
    expect(await tags()).toEqual(['docker', 'oci']);
    await skopeo('delete', docker('skopeo/deleted:docker'));
    expect(await tags()).toEqual(['oci']);
    expect(JSON.parse(await skopeo('inspect', docker('skopeo/deleted:oci'))).Digest).toBe(image.digest);
  });
});

/** Where podman and buildah keep images, with the one driver that needs nothing of the machine's disks. */
const storage = (of: string) => [
  ...['--root', join(folder, of), '--runroot', join(folder, `${of}-run`), '--storage-driver', 'vfs'],
];

/** A folder to build images from: these Containerfiles and one file. */
async function writeContext(name: string, containerfiles: Record<string, string>): Promise<string> {
  const context = join(folder, name);
  await mkdir(context);
  for (const [file, text] of Object.entries({ ...containerfiles, 'greeting.txt': 'hello' })) {
    await writeFile(join(context, file), text);
  }
  return context;
}

const noPodman = noProgram('podman');
describe.skipIf(noPodman)(`podman${skipNote(noPodman)}`, () => {
  const podman = client('podman', () => ({
    args: [...storage('podman'), '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
    env: { REGISTRY_AUTH_FILE: join(folder, 'podman.json') },
  }));

  test('logs in, pushes, pulls, and makes a manifest list', async () => {
    await podman('login', '-u', registry.username, '-p', registry.password, registry.host);
    const context = await writeContext('podman-context', { Base: 'FROM scratch\nCOPY greeting.txt /\n' });
    await podman('build', '--isolation', 'chroot', '-f', join(context, 'Base'), '-t', 'base', context);
    const id = await podman('images', '--quiet', '--no-trunc');
    await podman('push', id, of('podman:1'));
    await podman('rmi', '--all', '--force');
    await podman('pull', of('podman:1'));
    expect(await podman('images', '--quiet', '--no-trunc')).toBe(id);

    await podman('manifest', 'create', 'list');
    await podman('manifest', 'add', 'list', `docker://${of('podman:1')}`);
    await podman('manifest', 'push', '--all', 'list', `docker://${of('podman:list')}`);
    const tags = JSON.parse(await podman('search', '--list-tags', '--format', 'json', of('podman')));
    expect(tags[0].Tags).toEqual(['1', 'list']);
  });

  test('logs in, pushes and pulls by the port on loopback', async () => {
    const plain = '--tls-verify=false';
    const user = ['-u', registry.username, '-p', registry.password];
    await podman('login', plain, ...user, registry.loopback);
    const context = await writeContext('podman-loopback', { Base: 'FROM scratch\nCOPY greeting.txt /\n' });
    const image = `${registry.loopback}/podman/loopback:1`;
    await podman('build', '--isolation', 'chroot', '-f', join(context, 'Base'), '-t', image, context);
    await podman('push', plain, image);
    await podman('rmi', '--all', '--force');
    await podman('pull', plain, image);
  });

  test('is told that a wrong password is wrong', async () => {
    const { code, stderr } = await azure.run('podman', [
      ...storage('podman'),
      ...['login', '--authfile', join(folder, 'wrong.json'), '-u', registry.username, '-p', 'wrong'],
      registry.host,
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('invalid username/password');
  });
});

const noBuildah = noProgram('buildah');
describe.skipIf(noBuildah)(`buildah${skipNote(noBuildah)}`, () => {
  const buildah = client('buildah', () => ({
    args: storage('buildah'),
    env: { REGISTRY_AUTH_FILE: join(folder, 'buildah.json') },
  }));

  test('logs in, builds, pushes, pulls, and builds on what it pulled', async () => {
    await buildah('login', '-u', registry.username, '-p', registry.password, registry.host);
    const context = await writeContext('buildah-context', {
      Base: 'FROM scratch\nCOPY greeting.txt /\n',
      Upon: `FROM ${of('buildah/base:1')}\nCOPY greeting.txt /again.txt\n`,
    });
    const build = (file: string, tag: string) =>
      buildah('build', '--isolation', 'chroot', '-f', join(context, file), '-t', tag, context);

    await build('Base', of('buildah/base:1'));
    await buildah('push', '--format', 'v2s2', of('buildah/base:1'));
    await buildah('rmi', '--all', '--force');
    await build('Upon', of('buildah/upon:1'));
    await buildah('push', of('buildah/upon:1'));
    await buildah('rmi', '--all', '--force');
    await buildah('pull', of('buildah/upon:1'));
    const container = await buildah('from', of('buildah/upon:1'));
    const { OCIv1 } = JSON.parse(await buildah('inspect', container));
    expect(OCIv1.rootfs.diff_ids).toHaveLength(2);
  });
});

describe.skipIf(crane.lacking)(`crane${skipNote(crane.lacking)}`, () => {
  const run = client(crane.path, () => ({ env: { DOCKER_CONFIG: join(folder, 'crane') } }));

  test('pushes, copies, tags, mutates, indexes, lists, pulls and deletes', async () => {
    await run('auth', 'login', registry.host, '-u', registry.username, '-p', registry.password);
    await run('push', image.layout, of('crane:1'));
    expect(await run('digest', of('crane:1'))).toBe(image.digest);

    await run('copy', of('crane:1'), of('crane/copied:1'));
    expect(await run('digest', of('crane/copied:1'))).toBe(image.digest);

    await run('mutate', of('crane:1'), '--label', 'made=by-crane', '-t', of('crane:labelled'));
    expect(JSON.parse(await run('config', of('crane:labelled'))).config.Labels).toEqual({ made: 'by-crane' });
    await run('validate', '--remote', of('crane:labelled'));

    await run('index', 'append', '-m', of('crane:1'), '-m', of('crane:labelled'), '-t', of('crane:index'));
    expect(JSON.parse(await run('manifest', of('crane:index'))).manifests).toHaveLength(2);
    await run('push', '--index', multiArch.layout, of('crane:multi-arch'));

    await run('tag', of('crane:1'), 'other');
    const tags = ['1', 'index', 'labelled', 'multi-arch', 'other'];
    expect((await run('ls', of('crane'))).split('\n')).toEqual(tags);
    expect((await run('catalog', registry.host)).split('\n')).toEqual(
      expect.arrayContaining(['crane', 'crane/copied']),
    );

    await run('pull', of('crane:1'), join(folder, 'crane.tar'));
    await run('validate', '--tarball', join(folder, 'crane.tar'));
    await run('delete', of(`crane@${image.digest}`));
    expect((await run('ls', of('crane'))).split('\n')).toEqual(['index', 'labelled', 'multi-arch']);
  });
});

describe.skipIf(oras.lacking)(`oras${skipNote(oras.lacking)}`, () => {
  const run = client(oras.path, () => ({ env: { DOCKER_CONFIG: join(folder, 'oras') } }));
  /** The types of what refers to an artifact. */
  async function discover(...args: string[]): Promise<string[]> {
    const { referrers } = JSON.parse(await run('discover', '--format', 'json', ...args));
    return referrers.map(({ artifactType }: { artifactType: string }) => artifactType).sort();
  }

  test('pushes, attaches, discovers, copies with referrers, pulls and deletes', async () => {
    await run('login', registry.host, '-u', registry.username, '-p', registry.password);
    const file = join(folder, 'report.txt');
    await writeFile(file, 'all is well');
    const files = ['--disable-path-validation', `${file}:text/plain`];
    await run('push', of('oras:1'), '--artifact-type', 'application/x.report', ...files);
    await run('attach', of('oras:1'), '--artifact-type', 'application/x.sbom', ...files);
    await run('attach', of('oras:1'), '--artifact-type', 'application/x.signature', ...files);

    const attached = ['application/x.sbom', 'application/x.signature'];
    expect(await discover(of('oras:1'))).toEqual(attached);
    expect(await discover('--artifact-type', attached[0]!, of('oras:1'))).toEqual([attached[0]]);

    await run('copy', '--recursive', of('oras:1'), of('oras/copied:1'));
    expect(await discover(of('oras/copied:1'))).toEqual(attached);
    expect(await run('repo', 'tags', of('oras/copied'))).toBe('1');

    await rm(file);
    await run('pull', '--allow-path-traversal', of('oras/copied:1'));
    expect(await readFile(file, 'utf8')).toBe('all is well');
    await run('manifest', 'delete', '--force', of('oras/copied:1'));
    const { code, stderr } = await azure.run(oras.path, ['resolve', of('oras/copied:1')], {
      env: { DOCKER_CONFIG: join(folder, 'oras') },
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain('not found');
  });
});
