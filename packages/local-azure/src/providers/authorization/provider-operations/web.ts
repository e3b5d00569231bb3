import { type ProviderOperations, under } from './operation-names.ts';

const diagnostics = [
  'analyses/read analyses/execute/Action aspnetcore/read autoheal/read deployment/read deployments/read',
  'detectors/read detectors/execute/Action frebanalysis/read loganalyzer/read runtimeavailability/read',
  'servicehealth/read sitecpuanalysis/read sitecrashes/read sitelatency/read sitememoryanalysis/read',
  'siterestartsettingupdate/read siterestartuserinitiated/read siteswap/read threadcount/read',
  'workeravailability/read workerprocessrecycle/read read',
];
const insights = [
  'diagnosticSettings/read diagnosticSettings/write logDefinitions/read metricDefinitions/read',
];

/** What both an app and a slot of one has. */
const siteOperations = (type: string) => [
  ...under(type, [
    'Read Write Delete backup/Action publish/Action publishxml/Action restart/Action start/Action stop/Action',
    'startDevSession/Action slotsswap/Action slotsdiffs/Action applySlotConfig/Action resetSlotConfig/Action',
    'deployWorkflowArtifacts/action listworkflowsconnections/action listsyncfunctiontriggerstatus/action',
    'networktrace/action newpassword/action sync/action recover/action restoresnapshot/action',
    'restorefromdeletedapp/action syncfunctiontriggers/action backups/action containerlogs/action',
    'restorefrombackupblob/action listbackups/action slotcopy/action analyzecustomhostname/read',
    'containerlogs/download/action detectors/read hybridconnectionrelays/read metricdefinitions/read',
    'metrics/read migratemysql/read networkfeatures/read networktraces/operationresults/read',
    'operationresults/read operations/read perfcounters/read privateaccess/read processes/read',
    'resourcehealthmetadata/read restore/read restore/write snapshots/read usages/read webjobs/read',
    'workflows/read workflowsconfiguration/read',
    // Later than the source: sidecars, of api-version 2023-12-01, and the states of instances, of 2026.
    'sitecontainers/read sitecontainers/write sitecontainers/delete siteStatus/read',
  ]),
  ...under(`${type}/backup`, ['read write']),
  ...under(`${type}/backups`, ['Read delete list/action restore/action']),
  ...under(`${type}/basicPublishingCredentialsPolicies`, [
    'Read Write ftp/Read ftp/Write scm/Read scm/Write',
  ]),
  ...under(`${type}/config`, [
    'Read Write delete list/Action appsettings/read snapshots/read snapshots/listsecrets/action',
    'web/appsettings/delete web/connectionstrings/read web/connectionstrings/write',
    'web/connectionstrings/delete',
  ]),
  ...under(`${type}/continuouswebjobs`, ['read delete start/action stop/action']),
  ...under(`${type}/deployments`, ['read write delete log/read']),
  ...under(`${type}/diagnostics`, diagnostics),
  ...under(`${type}/domainownershipidentifiers`, ['read write delete']),
  ...under(`${type}/extensions`, ['read write api/action']),
  ...under(`${type}/functions`, ['read listkeys/action listsecrets/action keys/write keys/delete']),
  ...under(`${type}/host`, [
    'listkeys/action sync/action functionkeys/write functionkeys/delete systemkeys/write systemkeys/delete',
  ]),
  ...under(`${type}/hostnamebindings`, ['read write delete']),
  ...under(`${type}/hybridconnection`, ['read write delete']),
  ...under(`${type}/hybridconnectionnamespaces/relays`, ['write delete']),
  ...under(`${type}/instances`, ['read deployments/read processes/read processes/delete']),
  ...under(`${type}/networkConfig`, ['read write delete']),
  ...under(`${type}/premieraddons`, ['read write delete']),
  ...under(`${type}/providers/Microsoft.Insights`, insights),
  ...under(`${type}/publiccertificates`, ['read write delete']),
  ...under(`${type}/siteextensions`, ['read write delete']),
  ...under(`${type}/sourcecontrols`, ['Read Write Delete']),
  ...under(`${type}/triggeredwebjobs`, ['read delete run/action']),
  ...under(`${type}/virtualnetworkconnections`, ['read write delete gateways/write']),
];

const onlyOfApps = [
  'PrivateEndpointConnectionsApproval/action functions/action migratemysql/action backups/write',
  'config/web/appsettings/read config/web/appsettings/write diagnostics/failedrequestsperuri/read',
  'eventGridFilters/read eventGridFilters/write eventGridFilters/delete extensions/delete',
  'functions/write functions/delete functions/masterkey/read functions/token/read host/listsyncstatus/action',
  'hostruntime/host/action hostruntime/host/read hostruntime/host/_master/read',
  'hostruntime/functions/keys/read hostruntime/webhooks/api/workflows/runs/read',
  'hostruntime/webhooks/api/workflows/triggers/read',
  'hostruntime/webhooks/api/workflows/triggers/run/action',
  'hostruntime/webhooks/api/workflows/triggers/listCallbackUrl/action',
  'hybridconnectionnamespaces/relays/read hybridconnectionnamespaces/relays/listkeys/action',
  'instances/deployments/delete instances/extensions/read instances/extensions/log/read',
  'instances/extensions/processes/read instances/processes/modules/read instances/processes/threads/read',
  'metricsdefinitions/read privateLinkResources/Read processes/modules/read processes/threads/read',
  'privateEndpointConnectionProxies/Read privateEndpointConnectionProxies/Write',
  'privateEndpointConnectionProxies/Delete privateEndpointConnectionProxies/validate/action',
  'privateEndpointConnectionProxies/operations/Read privateEndpointConnections/Read',
  'privateEndpointConnections/Write privateEndpointConnections/Delete publishxml/read',
  'recommendationhistory/read recommendations/Read recommendations/disable/action',
  'triggeredwebjobs/history/read virtualnetworkconnections/gateways/read',
];
const onlyOfSlots = ['config/validateupgradepath/action config/appsettings/write phplogging/read'];

/** Source: MicrosoftDocs/azure-docs role-based-access-control/permissions/web-and-mobile.md, the types that are here. */
export const webOperations: ProviderOperations = {
  complete: ['Microsoft.Web/serverfarms', 'Microsoft.Web/sites'],
  control: [
    ...under('Microsoft.Web', [
      'register/action unregister/action validate/action availablestacks/read webappstacks/read',
      'checknameavailability/read geoRegions/Read operations/read skus/read',
    ]),
    ...under('Microsoft.Web/serverfarms', [
      'Read Write Delete Join/Action restartSites/Action capabilities/read metricdefinitions/read metrics/read',
      'eventGridFilters/read eventGridFilters/write eventGridFilters/delete hybridconnectionplanlimits/read',
      'firstpartyapps/keyvaultsettings/read firstpartyapps/keyvaultsettings/write',
      'firstpartyapps/settings/read firstpartyapps/settings/write firstpartyapps/settings/delete',
      'hybridconnectionnamespaces/relays/read hybridconnectionnamespaces/relays/delete',
      'hybridconnectionnamespaces/relays/sites/read hybridconnectionrelays/read operationresults/read',
      'recommendations/Read sites/read skus/read usages/read workers/reboot/action',
    ]),
    ...under('Microsoft.Web/serverfarms/providers/Microsoft.Insights', [
      'diagnosticSettings/read diagnosticSettings/write metricDefinitions/read',
    ]),
    ...under('Microsoft.Web/serverfarms/virtualnetworkconnections', [
      'read gateways/write routes/read routes/write routes/delete',
    ]),
    ...siteOperations('Microsoft.Web/sites'),
    ...siteOperations('Microsoft.Web/sites/slots'),
    ...under('Microsoft.Web/sites', onlyOfApps),
    ...under('Microsoft.Web/sites/slots', onlyOfSlots),
  ],
  data: [],
};
