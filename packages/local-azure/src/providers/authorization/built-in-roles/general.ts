import { managementBasics, role } from './role.ts';

/** The name of the role that may do everything. */
export const ownerRole = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

export const generalRoles = [
  role(
    ownerRole,
    'Owner',
    'Grants full access to manage all resources, including the ability to assign roles in Azure RBAC.',
    { actions: ['*'] },
  ),
  role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    'Grants full access to manage all resources, but does not allow you to assign roles in Azure RBAC, ' +
      'manage assignments in Azure Blueprints, or share image galleries.',
    {
      actions: ['*'],
      notActions: [
        'Microsoft.Authorization/*/Delete',
        'Microsoft.Authorization/*/Write',
        'Microsoft.Authorization/elevateAccess/Action',
        'Microsoft.Blueprint/blueprintAssignments/write',
        'Microsoft.Blueprint/blueprintAssignments/delete',
        'Microsoft.Compute/galleries/share/action',
        'Microsoft.Purview/consents/write',
        'Microsoft.Purview/consents/delete',
        'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
        'Microsoft.Subscription/cancel/action',
        'Microsoft.Subscription/enable/action',
      ],
    },
  ),
  role(
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'Reader',
    'View all resources, but does not allow you to make any changes.',
    { actions: ['*/read'] },
  ),
  role(
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    'User Access Administrator',
    'Lets you manage user access to Azure resources.',
    { actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'] },
  ),
  role(
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    'Manage access to Azure resources by assigning roles using Azure RBAC. This role does not allow you to ' +
      'manage access using other ways, such as Azure Policy.',
    {
      actions: [
        'Microsoft.Authorization/roleAssignments/write',
        'Microsoft.Authorization/roleAssignments/delete',
        '*/read',
        'Microsoft.Support/*',
      ],
    },
  ),
  role('28bf596f-4eb7-45ce-b5bc-6cf482fec137', 'Locks Contributor', 'Can Manage Locks Operations.', {
    actions: [
      'Microsoft.Authorization/locks/read',
      'Microsoft.Authorization/locks/write',
      'Microsoft.Authorization/locks/delete',
    ],
  }),
  role('ac63b705-f282-497d-ac71-919bf39d939d', 'Management Group Reader', 'Management Group Reader Role', {
    actions: [
      'Microsoft.Management/managementGroups/read',
      'Microsoft.Management/managementGroups/subscriptions/read',
      'Microsoft.Authorization/*/read',
    ],
  }),
  role(
    '5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c',
    'Management Group Contributor',
    'Management Group Contributor Role',
    {
      actions: [
        'Microsoft.Management/managementGroups/delete',
        'Microsoft.Management/managementGroups/read',
        'Microsoft.Management/managementGroups/subscriptions/delete',
        'Microsoft.Management/managementGroups/subscriptions/write',
        'Microsoft.Management/managementGroups/write',
        'Microsoft.Management/managementGroups/subscriptions/read',
        'Microsoft.Authorization/*/read',
      ],
    },
  ),
  role(
    '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
    'Tag Contributor',
    'Lets you manage tags on entities, without providing access to the entities themselves.',
    {
      actions: [
        ...managementBasics,
        'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
        'Microsoft.Resources/subscriptions/resources/read',
        'Microsoft.Resources/tags/*',
      ],
    },
  ),
];
