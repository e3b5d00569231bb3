import { selectIdentity } from '../../remedies/select-identity.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const clientIdLostByTerraform: Cause = {
  id: 'A12',
  link: 'identity',
  confidence: 'hidden',
  title: 'Terraform wrote or kept an empty client id',
  why: 'Old versions of azurerm dropped the client id or refused it for slots, and the argument is easily given a resource id; Azure then keeps null.',
  frequency: 'common',
  seenAs: refusals,
  shownBy:
    'The live value is empty, which doctor reports as A7; `terraform plan` shows what the state holds beside it.',
  remedies: [selectIdentity],
  docs: 'https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/linux_web_app#container_registry_managed_identity_client_id-1',
};
