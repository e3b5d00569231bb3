import {
  type FxVersion,
  type ImageReference,
  isAzureRegistry,
  type ParsedReference,
  parseFxVersion,
  parseImage,
} from './image-reference.ts';
import {
  choiceOfContainer,
  choiceOfSite,
  type IdentityChoice,
  type PullingPrincipal,
  pullingPrincipal,
} from './pulling-principal.ts';
import type { ContainerFacts, SiteFacts } from './snapshot.ts';

/** What one container of a site is made of, and who fetches it. */
export interface Pull {
  /** Undefined for the one container of a site; a site with sidecars has several. */
  container: ContainerFacts | undefined;
  /** Undefined when the configuration could not be read. */
  image: ParsedReference | undefined;
  /** The image, where it is in an Azure Container Registry. */
  azureImage: ImageReference | undefined;
  principal: PullingPrincipal;
}

/** The property of `config/web` that names the image of this site. */
export const fxVersionOf = ({ platform }: Pick<SiteFacts, 'platform'>): FxVersion =>
  platform === 'windows' ? 'windowsFxVersion' : 'linuxFxVersion';

/** The pulls of a site: one, or one for each container of a site with sidecars, the main one first. */
export function pullsOf(site: SiteFacts): [Pull, ...Pull[]] {
  const containers = site.containers.known ? site.containers.value : [];
  const [main, ...others] = [...containers].sort((a, b) => Number(b.isMain) - Number(a.isMain));
  const ofContainer = (container: ContainerFacts) =>
    pullOf(site, parseImage(container.image), choiceOfContainer(container), container);
  if (main) return [ofContainer(main), ...others.map(ofContainer)];
  const config = site.config.known ? site.config.value : undefined;
  const image = config && parseFxVersion(config[fxVersionOf(site)], fxVersionOf(site));
  return [pullOf(site, image, choiceOfSite(config))];
}

function pullOf(
  { identity }: SiteFacts,
  image: ParsedReference | undefined,
  choice: IdentityChoice,
  container?: ContainerFacts,
): Pull {
  const azureImage = image?.ok && isAzureRegistry(image.reference.host) ? image.reference : undefined;
  const principal: PullingPrincipal =
    image?.ok && !azureImage
      ? { found: false, reason: 'other-registry' }
      : pullingPrincipal(identity, choice);
  return { container, image, azureImage, principal };
}
