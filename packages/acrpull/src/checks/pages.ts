/** Pages of Microsoft that several causes point to. */
const learn = 'https://learn.microsoft.com';

export const managedIdentityPull = `${learn}/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry`;
export const changeImage = `${learn}/azure/app-service/configure-custom-container#change-the-docker-image-of-a-custom-container`;
export const pullFails = `${learn}/troubleshoot/azure/azure-container-registry/pull-image-to-web-app-fail`;
export const noPingsPage =
  'https://azureossd.github.io/2023/04/17/Troubleshooting-Container-didnt-respond-to-HTTP-pings-failing-to-start-site/';
export const webhookPulls =
  'https://azureossd.github.io/2025/12/16/Using-Webhooks-for-image-pulls-with-Web-App-for-Containers/';
export const customContainer = `${learn}/azure/app-service/configure-custom-container`;
export const registryTiers = `${learn}/azure/container-registry/container-registry-skus`;
export const pullErrors =
  'https://azureossd.github.io/2023/02/28/Troubleshooting-common-Docker-Pull-errors-on-Linux-Web-App-for-Containers/';
export const whatSwaps = `${learn}/azure/app-service/deploy-staging-slots#which-settings-are-swapped`;
export const swapSteps = `${learn}/azure/app-service/deploy-staging-slots#swap-operation-steps`;
export const sidecars = `${learn}/azure/app-service/configure-sidecar`;
export const registryRoles = `${learn}/azure/container-registry/container-registry-rbac-built-in-roles-overview`;
export const repositoryConditions = `${learn}/azure/container-registry/container-registry-rbac-abac-repository-permissions`;
export const armTokens = `${learn}/azure/container-registry/container-registry-disable-authentication-as-arm`;
export const rbacTroubleshooting = `${learn}/azure/role-based-access-control/troubleshooting`;
export const siteStatus = 'https://azure.github.io/AppService/2026/06/01/sitestatus.html';
export const pullOverVnet = `${learn}/azure/app-service/configure-vnet-integration-routing#container-image-pull`;
export const privateRegistry = `${learn}/azure/container-registry/container-registry-private-link`;
export const selectedNetworks = `${learn}/azure/container-registry/container-registry-access-selected-networks`;
export const dataEndpoints = `${learn}/azure/container-registry/container-registry-dedicated-data-endpoints`;
export const vnetIntegration = `${learn}/azure/app-service/overview-vnet-integration`;
