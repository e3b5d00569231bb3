import { resourceName } from '../../resource-manager/resource-id.ts';
import type { ResourceRecord } from '../../store/resources.ts';

export const groupType = 'Microsoft.Resources/resourceGroups';

/** A resource group as its clients see it. */
export const presentGroup = ({ id, body }: ResourceRecord) => ({
  id,
  name: resourceName(id),
  type: groupType,
  location: body.location,
  ...(body.tags ? { tags: body.tags } : {}),
  ...(body.properties.managedBy ? { managedBy: body.properties.managedBy } : {}),
  properties: { provisioningState: body.properties.provisioningState },
});
