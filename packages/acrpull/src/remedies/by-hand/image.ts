import { fxVersionOf } from '../../pull-path/pulls.ts';
import { azSite, type SiteView } from '../../pull-path/site-view.ts';
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
  const registryName = (host: string) => host.split(/[-.]/)[0];
  return loginServers.value.find(
    (it) => it !== azureImage.host && registryName(it) === registryName(azureImage.host),
  );
}

export const pushImage: Remedy = {
  id: 'push-image',
  title: 'Push the image, or name one that is there',
  commands: (view) => {
    if (!view.azureImage) return correctReference.commands(view);
    const { host, repository, tag } = view.azureImage;
    const registry = view.registry?.known ? view.registry.value.name : host.split('.')[0];
    return [
      `az acr repository show-tags -n ${registry} --repository ${repository} -o tsv`,
      `# push it: docker push ${host}/${repository}:${tag}; or name a tag that is listed:`,
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
  commands: ({ registry, azureImage }) => {
    const id = registry?.known ? registry.value.id : '<registry id>';
    const name = registry?.known ? registry.value.name : '<registry>';
    const image = azureImage ? `${azureImage.repository}:${azureImage.tag}` : '<image>';
    return [
      `az acr manifest show-metadata -r ${name} -n ${image} --query quarantineState`,
      `# the scanner marks it as Passed; or, for the whole registry:`,
      `az resource update --ids ${id} --set properties.policies.quarantinePolicy.status=disabled`,
    ];
  },
  bicep: () => `policies: { quarantinePolicy: { status: 'disabled' } } // in properties of the registry`,
  terraform: () => 'quarantine_policy_enabled = false # in azurerm_container_registry',
};
