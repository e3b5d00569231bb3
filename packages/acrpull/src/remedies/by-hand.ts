import { azSite, type SiteView } from '../pull-path/links.ts';
import type { Remedy } from './remedy.ts';

const byHand = (id: string, title: string, commands: (view: SiteView) => string[]): Remedy => ({
  id,
  title,
  commands,
});

// What only a person can decide: which image is meant, which identity, who may grant.

export const correctReference = byHand('correct-reference', 'Correct the image reference', (view) => [
  `az webapp config set ${azSite(view)} --linux-fx-version 'DOCKER|<registry>.azurecr.io/<repository>:<tag>'`,
]);

export const pushImage = byHand('push-image', 'Push the image, or name one that is there', (view) => {
  if (!view.image?.ok) return correctReference.commands(view);
  const { host, repository, tag } = view.image.reference;
  const registry = host.split('.')[0];
  return [
    `az acr repository show-tags -n ${registry} --repository ${repository} -o tsv`,
    `# push it: docker push ${host}/${repository}:${tag}; or name a tag that is listed:`,
    ...correctReference.commands(view),
  ];
});

export const selectIdentity = byHand('select-identity', 'Name the identity that pulls', (view) => {
  const clientId = view.site.identity.userAssigned[0]?.clientId || '<client id of an attached identity>';
  return [
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUserManagedIdentityID": "${clientId}"}'`,
  ];
});

export const askOwner = byHand('ask-owner', 'Ask somebody who may assign roles', (view) => {
  const scope = view.registry?.known ? view.registry.value.id : '<registry id>';
  return [
    `# who can: Owner, User Access Administrator or Role Based Access Control Administrator at the registry`,
    `az role assignment list --scope ${scope} --include-inherited -o table`,
  ];
});

export const waitForPropagation = byHand(
  'wait',
  'Wait until Azure honours the grant, then restart',
  (view) => [`acrpull verify ${view.snapshot.app.name}`],
);
