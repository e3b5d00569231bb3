import { expect, test } from 'vitest';
import { platformsOf } from './image-platforms.ts';

const arm = { os: 'linux', architecture: 'arm64' };
const index = (...platforms: unknown[]) => ({ manifests: platforms.map((platform) => ({ platform })) });

test.each([
  [
    'an index',
    index(arm, { os: 'windows', architecture: 'amd64' }),
    undefined,
    [arm, { os: 'windows', architecture: 'amd64' }],
  ],
  [
    'its attestations are no images',
    index(arm, { os: 'unknown', architecture: 'unknown' }),
    undefined,
    [arm],
  ],
  ['an index of nothing', { manifests: [] }, undefined, []],
  ['entries without a platform', { manifests: [{}, null] }, undefined, []],
  ['a single image, as the registry tells', { layers: [] }, arm, [arm]],
  ['of an index the registry does not tell more', index(arm), { os: 'linux', architecture: 'amd64' }, [arm]],
  ['one of which the registry does not tell', { layers: [] }, { digest: 'd' }, undefined],
  ['nothing that is understood', undefined, undefined, undefined],
])('%s', (_, manifest, attributes, expected) => expect(platformsOf(manifest, attributes)).toEqual(expected));
