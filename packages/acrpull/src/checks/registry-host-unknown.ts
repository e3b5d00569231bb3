import { correctReference } from '../remedies/by-hand.ts';
import { type Check, cannotTell, fail, pass, skip } from './check.ts';

export const registryHostUnknown: Check = {
  id: 'A15',
  link: 'registry',
  title: 'No registry has this login server',
  why: 'The pull ends with "no such host": the registry is gone, or its login server is spelled differently.',
  judge: ({ site, image, registry }) => {
    if (!image?.ok) return skip('the image names no registry');
    if (!site.manifest.known && site.manifest.because.kind === 'no-such-host') {
      return fail(`${image.reference.host} has no address: there is no such registry`, {
        property: 'host of linuxFxVersion',
        value: image.reference.host,
        resource: `${site.id}/config/web`,
      });
    }
    if (!registry?.known) {
      return cannotTell(
        'the registry is not visible to you, so its grants and policy were not checked',
        registry!.because,
      );
    }
    return pass(`${registry.value.loginServer} (${registry.value.sku})`);
  },
  remedies: [correctReference],
  docs: 'https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/pull-image-to-web-app-fail',
};
