import { azSite } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { identityBicep, identityTerraform, notDeclared } from '../site-code.ts';

const shared = { system: false, ids: ['<identity id>'] };

/** One identity that every slot has: whichever image comes, the same one pulls it. */
export const shareIdentity: Remedy = {
  id: 'share-identity',
  title: 'Let all slots pull with one user-assigned identity',
  commands: (view) => [
    `acrpull fix ${view.snapshot.app.name} --identity <name|id>   # attaches it to every slot, grants and names it; or by hand:`,
    `az webapp identity assign ${azSite(view)} --identities <identity id>`,
    `az webapp config set ${azSite(view)} --generic-configurations '{"acrUserManagedIdentityID": "<its clientId>"}'`,
  ],
  bicep: (view) => identityBicep(view, shared),
  terraform: (view) => identityTerraform(view, shared),
};

/** Source: MicrosoftDocs/azure-docs deploy-staging-slots.md, "Swap with preview" */
export const proveSource: Remedy = {
  id: 'prove-source',
  title: 'Prove the source before the swap, with the settings of the target',
  commands: (view) => {
    const { app } = view.snapshot;
    const swap = `az webapp deployment slot swap ${azSite(view)}`;
    return [
      `acrpull doctor ${app.name}`,
      `${swap} --action preview   # the first step alone; --action reset takes it back`,
    ];
  },
  ...notDeclared('what doctor finds broken at the source says what to write'),
};
