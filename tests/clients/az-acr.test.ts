import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAzureProcess, startLocalAzure } from '../local-azure.ts';
import { writeSampleLayout } from '../oci-layout.ts';
import { missing } from '../tools.ts';
import { azVersions, refusalOfAz, runAz, signIn } from './az-versions.ts';

// What `az acr` does with the content of a registry, by an unmodified `az`: each test builds on the one before.

const lacking = missing('az', 'skopeo', 'curl');
const skipped = lacking ? ` (skipped: no ${lacking} on this machine)` : '';
const disallowed = 'The operation is disallowed on this registry, repository or image.';

describe.skipIf(lacking).each(azVersions)(`$name${skipped}`, ({ program, registryName: registry }) => {
  let azure: LocalAzureProcess;
  let layout: { folder: string; digest: string };
  let digest: string;

  const az = (...args: string[]) => runAz(azure, program, args);
  const repository = (command: string, ...args: string[]) =>
    az('acr', 'repository', command, '-n', registry, ...args);
  const manifest = (command: string, name: string, ...args: string[]) =>
    az('acr', 'manifest', command, '-r', registry, '-n', name, ...args);
  const refusal = (...args: string[]) => refusalOfAz(azure, program, ['acr', ...args]);
  const credentials = async () => {
    const { accessToken } = await az('acr', 'login', '-n', registry, '--expose-token');
    return `00000000-0000-0000-0000-000000000000:${accessToken}`;
  };
  const push = async (image: string) =>
    azure.run('skopeo', [
      ...['copy', '--dest-creds', await credentials()],
      ...[`oci:${layout.folder}:1`, `docker://${registry}.azurecr.io/${image}`],
    ]);
  async function putManifest(name: string, tag: string, body: { mediaType: string }) {
    const { code, stderr } = await azure.run('curl', [
      ...['-sSf', '-X', 'PUT', '-u', await credentials(), '-H', `content-type: ${body.mediaType}`],
      ...['-d', JSON.stringify(body), `https://${registry}.azurecr.io/v2/${name}/manifests/${tag}`],
    ]);
    expect(code, stderr).toBe(0);
  }

  beforeAll(async () => {
    layout = await writeSampleLayout('1');
    digest = layout.digest;
    azure = await startLocalAzure({ args: ['--engine', 'none'] });
    await signIn(azure, program);
    await az('group', 'create', '-n', 'blog', '-l', 'japaneast');
    await az('acr', 'create', '-g', 'blog', '-n', registry, '--sku', 'Premium');
    for (const image of ['team/app:1', 'team/app:2', 'other:1']) {
      const { code, stderr } = await push(image);
      expect(code, stderr).toBe(0);
    }
  });
  afterAll(async () => {
    await azure?.stop();
    await rm(layout.folder, { recursive: true, force: true });
  });

  test('az acr repository list, show, show-tags, show-manifests', async () => {
    expect(await repository('list')).toEqual(['other', 'team/app']);
    expect(await repository('show', '--repository', 'team/app')).toMatchObject({
      registry: `${registry}.azurecr.io`,
      imageName: 'team/app',
      manifestCount: 1,
      tagCount: 2,
    });
    const tag = await repository('show', '--image', 'team/app:2');
    expect(tag).toMatchObject({ name: '2', digest, changeableAttributes: { writeEnabled: true } });
    const tags = await repository('show-tags', '--repository', 'team/app', '--orderby', 'time_desc');
    expect(tags).toEqual(['2', '1']);
    const [first] = await repository('show-tags', '--repository', 'team/app', '--detail', '--top', '1');
    expect(first).toMatchObject({ name: '1', digest, signed: false });
    const manifests = await repository('show-manifests', '--repository', 'team/app', '--detail');
    expect(manifests).toMatchObject([{ digest, tags: ['1', '2'], os: 'linux' }]);
  });

  test('az acr manifest list-metadata, show-metadata, list, show, list-referrers', async () => {
    const [listed] = await manifest('list-metadata', 'team/app', '--orderby', 'time_asc');
    expect(listed).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
    expect(await manifest('show-metadata', `team/app@${digest}`)).toEqual(listed);
    expect(await manifest('show-metadata', 'team/app:1')).toMatchObject({ name: '1', digest });
    const shown = await manifest('show', 'team/app:1');
    expect(shown).toMatchObject({ schemaVersion: 2, config: { mediaType: listed.configMediaType } });
    expect(await manifest('list', 'team/app')).toEqual([shown]);
    expect(await manifest('list-referrers', 'team/app:1')).toEqual({ manifests: [] });
    const subject = { mediaType: shown.mediaType, digest, size: 1 };
    await putManifest('team/app', 'note', { ...shown, layers: [], artifactType: 'a/note', subject });
    const { manifests } = await manifest('list-referrers', 'team/app:1');
    expect(manifests).toMatchObject([{ artifactType: 'a/note' }]);
    await repository('untag', '--image', 'team/app:note');
  });

  test('az acr repository update and manifest update-metadata lock, and unlock', async () => {
    const locked = await repository('update', '--image', 'team/app:1', '--write-enabled', 'false');
    expect(locked.changeableAttributes).toMatchObject({ writeEnabled: false, deleteEnabled: true });
    expect(await refusal('repository', 'untag', '-n', registry, '--image', 'team/app:1')).toContain(
      disallowed,
    );
    const deletion = ['repository', 'delete', '-n', registry, '--yes'];
    expect(await refusal(...deletion, '--image', 'team/app:1')).toContain(disallowed);
    expect(await refusal(...deletion, '--repository', 'team/app')).toContain(disallowed);
    expect((await push('team/app:1')).stderr).toContain(disallowed);
    await manifest('update-metadata', 'team/app:1', '--write-enabled', 'true');
    expect((await push('team/app:1')).code).toBe(0);

    await repository('update', '--repository', 'team/app', '--read-enabled', 'false');
    expect(await refusal('manifest', 'show', '-r', registry, '-n', 'team/app:1')).toContain(disallowed);
    await repository(
      'update',
      '--repository',
      'team/app',
      '--read-enabled',
      'true',
      '--list-enabled',
      'false',
    );
    expect(await repository('list')).toEqual(['other']);
    await repository('update', '--repository', 'team/app', '--list-enabled', 'true');
  });

  test('az acr repository untag and delete, az acr manifest delete', async () => {
    await repository('untag', '--image', 'team/app:1');
    expect(await repository('show-tags', '--repository', 'team/app')).toEqual(['2']);
    expect(await refusal('repository', 'show', '-n', registry, '--image', 'team/app:1')).toContain(
      'the specified tag does not exist',
    );
    // What refers to the image goes along.
    await repository('delete', '--image', 'team/app:2', '--yes');
    expect(await refusal('manifest', 'list-metadata', '-r', registry, '-n', 'team/app')).toContain(
      'repository "team/app" is not found',
    );
    const deleted = await repository('delete', '--repository', 'other', '--yes');
    expect(deleted).toEqual({ manifestsDeleted: [digest], tagsDeleted: ['1'] });
    expect(await repository('list')).toEqual([]);
    await push('team/app:3');
    await manifest('delete', 'team/app:3', '--yes');
    expect(await repository('list')).toEqual([]);
  });

  test('az acr show-usage', async () => {
    const { value } = await az('acr', 'show-usage', '-n', registry);
    expect(value).toContainEqual(expect.objectContaining({ name: 'Size', currentValue: expect.any(Number) }));
  });
});
