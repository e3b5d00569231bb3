import { managementBasics, role } from './role.ts';

export const webRoles = [
  role(
    'de139f84-1756-47ae-9be6-808fbbe84772',
    'Website Contributor',
    'Lets you manage websites (not web plans), but not access to them.',
    {
      actions: [
        ...managementBasics,
        'Microsoft.Insights/components/*',
        'Microsoft.ResourceHealth/availabilityStatuses/read',
        'Microsoft.Web/certificates/*',
        'Microsoft.Web/listSitesAssignedToHostName/read',
        'Microsoft.Web/register/action',
        'Microsoft.Web/serverFarms/join/action',
        'Microsoft.Web/serverFarms/read',
        'Microsoft.Web/sites/*',
      ],
    },
  ),
  role(
    '2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b',
    'Web Plan Contributor',
    'Lets you manage the web plans for websites, but not access to them.',
    {
      actions: [
        ...managementBasics,
        'Microsoft.ResourceHealth/availabilityStatuses/read',
        'Microsoft.Web/serverFarms/*',
        'Microsoft.Web/hostingEnvironments/Join/Action',
        'Microsoft.Insights/autoscalesettings/*',
      ],
    },
  ),
];
