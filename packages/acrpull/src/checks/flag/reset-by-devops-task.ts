import { passFlagToTask } from '../../remedies/by-hand/flag.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const resetByDevopsTask: Cause = {
  id: 'A4',
  link: 'flag',
  confidence: 'hidden',
  title: 'The Azure DevOps task turned the flag off',
  why: 'AzureWebAppContainer writes the site’s configuration with each deployment, and users saw the flag come out of it as false.',
  frequency: 'common',
  seenAs: refusals,
  shownBy:
    'The flag is false, which doctor reports as A1 or A2; the activity log names the service connection as the writer of config/web.',
  remedies: [passFlagToTask],
  docs: 'https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/azure-web-app-container-v1',
};
