import { fxVersionOf } from '../../pull-path/pulls.ts';
import { azSite, registryId, registryName, type SiteView } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import {
  azContainer,
  containerBicep,
  containerTerraform,
  notDeclared,
  siteConfigBicep,
  siteTerraform,
} from '../site-code.ts';

// Which image is meant, only a person knows.

interface Image {
  host: string;
  name: string;
}
const meant: Image = { host: '<registry>.azurecr.io', name: '<repository>:<tag>' };

const imageName = ({ azureImage }: SiteView): string =>
  azureImage ? `${azureImage.repository}:${azureImage.tag}` : meant.name;
const fullName = (view: SiteView): string => `${view.azureImage?.host ?? meant.host}/${imageName(view)}`;

const setImage = (id: string, title: string, imageFor: (view: SiteView) => Image): Remedy => ({
  id,
  title,
  commands: (view) => {
    const { host, name } = imageFor(view);
    if (view.container) return [azContainer(view, `--image ${host}/${name}`)];
    const option = view.site.platform === 'windows' ? '--windows-fx-version' : '--linux-fx-version';
    return [`az webapp config set ${azSite(view)} ${option} 'DOCKER|${host}/${name}'`];
  },
  bicep: (view) => {
    const { host, name } = imageFor(view);
    if (view.container) return containerBicep(view, `image: '${host}/${name}'`);
    return siteConfigBicep(view, `${fxVersionOf(view.site)}: 'DOCKER|${host}/${name}'`);
  },
  terraform: (view) => {
    const { host, name } = imageFor(view);
    if (view.container) return containerTerraform(view, `image = "${host}/${name}"`);
    return siteTerraform(
      view,
      `site_config {
  application_stack {
    docker_registry_url = "https://${host}"
    docker_image_name   = "${name}"
  }
}`,
    );
  },
});

export const correctReference = setImage('correct-reference', 'Correct the image reference', () => meant);

/** For a host that is nearly that of a registry: a name may have a hash behind it, which nobody guesses. */
export const useLoginServer = setImage('use-login-server', 'Name the registry by its loginServer', (view) => {
  if (!view.azureImage) return meant;
  const { repository, tag } = view.azureImage;
  return { host: nearLoginServer(view) ?? meant.host, name: `${repository}:${tag}` };
});

/** The login server of a registry with the name that the image's host begins with. */
export function nearLoginServer({ snapshot: { loginServers }, azureImage }: SiteView): string | undefined {
  if (!loginServers.known || !azureImage) return undefined;
  const nameIn = (host: string) => host.split(/[-.]/)[0];
  return loginServers.value.find((it) => it !== azureImage.host && nameIn(it) === nameIn(azureImage.host));
}

export const pushImage: Remedy = {
  id: 'push-image',
  title: 'Push the image, or name one that is there',
  commands: (view) => {
    if (!view.azureImage) return correctReference.commands(view);
    return [
      `az acr repository show-tags -n ${registryName(view)} --repository ${view.azureImage.repository} -o tsv`,
      `# push it: docker push ${fullName(view)}; or name a tag that is listed:`,
      ...correctReference.commands(view),
    ];
  },
  bicep: correctReference.bicep,
  terraform: correctReference.terraform,
};

/** Source: learn.microsoft.com/cli/azure/webapp/sitecontainers */
export const convertToSidecars: Remedy = {
  id: 'convert-to-sidecars',
  title: 'Turn the Compose file into sidecar containers, each of which names its identity',
  commands: (view) => [`az webapp sitecontainers convert ${azSite(view)} --mode sitecontainers`],
  ...notDeclared('a resource Microsoft.Web/sites/sitecontainers for each container; the command makes them'),
};

/** Source: Azure/acr docs/preview/quarantine/readme.md */
export const releaseImage: Remedy = {
  id: 'release-image',
  title: 'Let the scanner release the image, or turn the quarantine off',
  commands: (view) => {
    return [
      `az acr manifest show-metadata -r ${registryName(view)} -n ${imageName(view)} --query quarantineState`,
      `# the scanner marks it as Passed; or, for the whole registry:`,
      `az resource update --ids ${registryId(view)} --set properties.policies.quarantinePolicy.status=disabled`,
    ];
  },
  bicep: () => `policies: { quarantinePolicy: { status: 'disabled' } } // in properties of the registry`,
  terraform: () => 'quarantine_policy_enabled = false # in azurerm_container_registry',
};

const built = notDeclared('what builds the image decides: a declaration only names it');

export const buildForPlatform: Remedy = {
  id: 'build-for-platform',
  title: 'Build the image for the platform of the plan',
  commands: (view) => {
    const platform = `${view.site.platform}/amd64`;
    return [
      `docker buildx build --platform ${platform} -t ${fullName(view)} --push .`,
      `# or let the registry build it: az acr build -r ${registryName(view)} -t ${imageName(view)} --platform ${platform} .`,
    ];
  },
  ...built,
};

export const pushAgain: Remedy = {
  id: 'push-again',
  title: 'Push the image again; if that does not help, ask Azure’s support',
  commands: (view) => [
    `az acr manifest show -r ${registryName(view)} -n ${imageName(view)}   # fails, though show-tags lists it`,
    `docker push ${fullName(view)}`,
  ],
  ...built,
};

export const pinDigest: Remedy = {
  id: 'pin-digest',
  title: 'Wait for the replica; name releases by a tag of their own, or by digest',
  commands: (view) => [
    `az acr replication list -r ${registryName(view)} -o table`,
    '# when its status is ready:',
    `az webapp restart ${azSite(view)}`,
  ],
  ...notDeclared('nothing to write: the replica follows by itself'),
};

export const rebuildWithChown: Remedy = {
  id: 'rebuild-with-chown',
  title: 'Build the image anew with files that belong to a small id',
  commands: (view) => [
    '# in the Dockerfile: COPY --chown=root:root …, or RUN chown -R root:root … in the step that makes the files',
    `docker buildx build --platform ${view.site.platform}/amd64 -t ${fullName(view)} --push .`,
  ],
  ...built,
};

export const slimImage: Remedy = {
  id: 'slim-image',
  title: 'Make the image smaller, or give the site a plan with more room',
  commands: (view) => [
    `az acr manifest list-metadata -r ${registryName(view)} -n ${view.azureImage?.repository ?? '<repository>'} --orderby time_desc --query "[].{tags: tags, imageSize: imageSize}"`,
    `az appservice plan update -g ${view.snapshot.app.resourceGroup} -n <plan> --sku P1V3`,
  ],
  bicep: () => "sku: { name: 'P1V3' } // in Microsoft.Web/serverfarms",
  terraform: () => 'sku_name = "P1v3" # in azurerm_service_plan',
};

/**
 * Of Docker Hub's own images the repository begins with `library/`.
 * Source: learn.microsoft.com/cli/azure/acr#az-acr-import
 */
export const bringFromDockerHub: Remedy = {
  id: 'bring-from-docker-hub',
  title: 'Bring the image into your own registry, and name it there',
  commands: (view) => [
    'az acr import -n <registry> --source docker.io/library/<repository>:<tag> --image <repository>:<tag>',
    ...correctReference.commands(view),
  ],
  bicep: correctReference.bicep,
  terraform: correctReference.terraform,
};
