import { azSite, verifySite } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared, siteConfigBicep, siteTerraform } from '../site-code.ts';

export const restartOnce: Remedy = {
  id: 'restart-once',
  title: 'Wait a few minutes, then restart once',
  commands: (view) => [`az webapp restart ${azSite(view)}`],
  ...notDeclared('nothing to write: the settings are right, the site has to start again'),
};

export const proveEveryInstance: Remedy = {
  id: 'prove-every-instance',
  title: 'Mend the first error of the log, then prove the pull',
  commands: (view) => [`acrpull doctor ${view.snapshot.app.name}`, verifySite(view)],
  ...notDeclared('what doctor finds broken says what to write'),
};

export const setPort: Remedy = {
  id: 'set-port',
  title: 'Say at which port the app listens, and let it listen at 0.0.0.0',
  commands: (view) => [
    `az webapp config appsettings set ${azSite(view)} --settings WEBSITES_PORT=<port>`,
    `az webapp log tail ${azSite(view)}   # the app's own lines say where it listens`,
  ],
  bicep: (view) => siteConfigBicep(view, "appSettings: [ { name: 'WEBSITES_PORT', value: '<port>' } ]"),
  terraform: (view) => siteTerraform(view, 'app_settings = { WEBSITES_PORT = "<port>" }'),
};

export const raiseStartLimit: Remedy = {
  id: 'raise-start-limit',
  title: 'Let the platform wait longer',
  commands: (view) => [
    `az webapp config appsettings set ${azSite(view)} --settings WEBSITES_CONTAINER_START_TIME_LIMIT=1800`,
  ],
  bicep: (view) =>
    siteConfigBicep(view, "appSettings: [ { name: 'WEBSITES_CONTAINER_START_TIME_LIMIT', value: '1800' } ]"),
  terraform: (view) => siteTerraform(view, 'app_settings = { WEBSITES_CONTAINER_START_TIME_LIMIT = "1800" }'),
};

export const mendStorage: Remedy = {
  id: 'mend-storage',
  title: 'Mend the mount, or take it off',
  commands: (view) => [
    `az webapp config storage-account list ${azSite(view)} --query "[].{name: name, account: value.accountName, share: value.shareName, state: value.state}"`,
    `az webapp config storage-account update ${azSite(view)} --custom-id <name> --access-key <key>`,
  ],
  bicep: (view) =>
    siteConfigBicep(
      view,
      "azureStorageAccounts: { <name>: { accountName: '<account>', shareName: '<share>' } }",
    ),
  terraform: (view) => siteTerraform(view, 'storage_account {\n  access_key = "<key>"\n}'),
};

export const readAppLog: Remedy = {
  id: 'read-app-log',
  title: 'Read what the app itself prints',
  commands: (view) => [
    `az webapp log config ${azSite(view)} --docker-container-logging filesystem`,
    `az webapp log tail ${azSite(view)}`,
  ],
  ...notDeclared('the app says what it lacks'),
};
