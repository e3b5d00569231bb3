import { azSite } from '../../pull-path/site-view.ts';
import type { Remedy } from '../remedy.ts';
import { notDeclared } from '../site-code.ts';

export const restartOnce: Remedy = {
  id: 'restart-once',
  title: 'Wait a few minutes, then restart once',
  commands: (view) => [`az webapp restart ${azSite(view)}`],
  ...notDeclared('nothing to write: the settings are right, the site has to start again'),
};

export const proveEveryInstance: Remedy = {
  id: 'prove-every-instance',
  title: 'Mend the first error of the log, then prove the pull',
  commands: (view) => [
    `acrpull doctor ${view.snapshot.app.name}`,
    `acrpull verify ${view.snapshot.app.name}`,
  ],
  ...notDeclared('what doctor finds broken says what to write'),
};
