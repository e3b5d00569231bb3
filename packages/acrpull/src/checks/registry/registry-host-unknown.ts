import { nearLoginServer, useLoginServer } from '../../remedies/by-hand/image.ts';
import { type Check, fail, pass, skip } from '../cause.ts';
import { imageEvidence } from '../image/image-evidence.ts';
import { noSuchHost, refusals } from '../log-text.ts';
import { pullFails } from '../pages.ts';
import { isRegistryAbsent } from './registry-absent.ts';

export const registryHostUnknown: Check = {
  id: 'A15',
  link: 'registry',
  confidence: 'verdict',
  title: 'No registry has this login server',
  why: 'The pull ends with "no such host": the registry is gone, or its login server is spelled differently. It may have a hash behind the name, which nobody guesses.',
  frequency: 'occasional',
  seenAs: [noSuchHost, ...refusals],
  judge: (view) => {
    const { image, azureImage, registry } = view;
    if (!image?.ok) return skip('the image names no registry');
    if (!azureImage) return skip(`${image.reference.host} is no Azure Container Registry`);
    if (registry?.known) return pass(`${registry.value.loginServer} (${registry.value.sku})`);
    if (!isRegistryAbsent(view)) return skip('see B12: it is there, and you cannot see it');
    const near = nearLoginServer(view);
    return fail(
      `${azureImage.host} has no address: there is no such registry`,
      imageEvidence(view),
      ...(near ? [{ property: 'properties.loginServer', value: near, resource: near }] : []),
    );
  },
  remedies: [useLoginServer],
  docs: pullFails,
};
