import { test } from 'vitest';
import { expectJudgement, type Row } from '../../../test/judgements.ts';
import { denied, manifestOf } from '../../../test/snapshots.ts';
import { known, unknown } from '../../pull-path/snapshot.ts';

test.each<Row>([
  ['no such tag', { manifest: known(null) }, ['E1 fail'], 'manifest'],
  [
    'a reader who may not pull',
    { manifest: denied('Microsoft.ContainerRegistry/registries/pull/read') },
    ['E1 unknown'],
    undefined,
  ],
  [
    'a registry that is closed to the reader',
    { manifest: unknown({ kind: 'unreachable', message: 'no answer', resource: 'hoge.azurecr.io' }) },
    ['E1 unknown'],
    undefined,
  ],
  ['quarantine', { registry: { quarantinePolicy: 'enabled' } }, ['B14 warn'], undefined],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));

const windows = { os: 'windows', architecture: 'amd64' };
const amd = { os: 'linux', architecture: 'amd64' };
const arm = { os: 'linux', architecture: 'arm64' };
const index = (...platforms: (typeof amd)[]) => ({
  manifest: known({ ...manifestOf(...platforms), mediaType: 'application/vnd.oci.image.index.v1+json' }),
});
const image = (platform: typeof amd) => ({ manifest: known(manifestOf(platform)) });
const windowsSite = {
  platform: 'windows' as const,
  config: { windowsFxVersion: 'DOCKER|hoge.azurecr.io/app:0.1.0' },
};

test.each<Row>([
  ['an index with amd64 among others', index(arm, amd, windows), [], undefined],
  ['an index without amd64', index(arm), ['E4 fail'], 'manifest'],
  // Docker pulls it all the same, so that no link of the pull is broken.
  ['an image for arm64', image(arm), ['E4 warn'], undefined],
  ['an image for Windows on a Linux plan', image(windows), ['E5 fail'], 'manifest'],
  ['an index without Linux', index(windows), ['E5 fail'], 'manifest'],
  ['an image for Windows on a Windows plan', { ...image(windows), site: windowsSite }, [], undefined],
  ['an image for Linux on a Windows plan', { ...image(amd), site: windowsSite }, ['E5 fail'], 'manifest'],
  ['an index that names no platform', index(), [], undefined],
  ['a registry that does not tell', { manifest: known({ digest: 'd', mediaType: '' }) }, [], undefined],
  [
    'an image of Docker Hub',
    { site: { config: { linuxFxVersion: 'DOCKER|docker.io/library/redis:7' } } },
    ['E8 warn'],
    undefined,
  ],
])('%s', (_, changes, ...judgement) => expectJudgement(changes, ...judgement));
