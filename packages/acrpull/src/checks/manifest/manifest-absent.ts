import { formatReference } from '../../pull-path/image-reference.ts';
import { registryName } from '../../pull-path/site-view.ts';
import { pushImage } from '../../remedies/by-hand/image.ts';
import { type Check, cannotTell, fail, pass, skip } from '../cause.ts';
import { authenticationRequired, imagePullFailure, manifestUnknown } from '../log-text.ts';
import { pullFails } from '../pages.ts';
import { isRegistryAbsent } from '../registry/registry-absent.ts';

export const manifestAbsent: Check = {
  id: 'E1',
  link: 'manifest',
  confidence: 'verdict',
  title: 'The registry has no such image',
  why: 'The tag was never pushed, is misspelled, or was deleted. The platform often logs "unauthorized" last, from a second attempt.',
  frequency: 'very common',
  seenAs: [manifestUnknown, imagePullFailure],
  thenSeenAs: [authenticationRequired],
  judge: (view) => {
    const { azureImage, manifest } = view;
    if (!azureImage || !manifest) return skip('no image of an Azure Container Registry is named');
    if (isRegistryAbsent(view)) return skip('there is no such registry');
    if (!manifest.known) {
      const { because } = manifest;
      return cannotTell(`whether the image is there was not checked: ${because.message}`, because);
    }
    if (manifest.value) return pass(manifest.value.digest);
    return fail(`${azureImage.host} has no ${azureImage.repository}:${azureImage.tag}`, {
      property: 'manifest',
      value: 'absent (404)',
      resource: formatReference(azureImage),
    });
  },
  remedies: [pushImage],
  lookAlikes: {
    ids: ['B14'],
    commands: (view) => [`az acr show -n ${registryName(view)} --query policies.quarantinePolicy.status`],
  },
  docs: pullFails,
};
