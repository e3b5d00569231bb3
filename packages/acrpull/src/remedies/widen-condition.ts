import { registryId, type SiteView } from '../pull-path/site-view.ts';
import { planGrant } from './grant-pull.ts';
import { pullCondition } from './pull-condition.ts';
import type { Remedy } from './remedy.ts';

const principalIdOf = ({ principal }: SiteView): string =>
  principal.found ? principal.principalId : '<principalId of the identity>';

const conditionFor = ({ azureImage }: SiteView): string =>
  pullCondition([azureImage?.repository ?? '<repository>']);

/** Where the condition of a role leaves out the repository. */
export const widenCondition: Remedy = {
  id: 'widen-condition',
  title: 'Let the condition of the role include the repository',
  commands: (view) => [
    `az role assignment list --assignee ${principalIdOf(view)} --scope ${registryId(view)} --query "[?condition] | [0]" > pull.json`,
    `# in pull.json, let "condition" include the repository, such as: ${conditionFor(view)}`,
    'az role assignment update --role-assignment @pull.json',
  ],
  bicep: (view) =>
    `condition: '''${conditionFor(view)}''' // in properties of the role assignment, with conditionVersion: '2.0'`,
  terraform: (view) =>
    `condition         = "${conditionFor(view)}" # in azurerm_role_assignment\ncondition_version = "2.0"`,
  repair: { plan: planGrant },
};
