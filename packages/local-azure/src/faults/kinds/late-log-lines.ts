import { faultKind } from '../fault-kind.ts';
import { duration } from '../parameters.ts';
import { logLines } from '../places.ts';

// Source: MicrosoftDocs/azure-docs articles/app-service/troubleshoot-diagnostic-logs.md, "Stream logs"
export const lateLogLines = faultKind({
  name: 'late-log-lines',
  does: 'A line of a log stream reaches its reader late, after those that were written behind it.',
  standsFor: 'Logs are written through buffers, so that their lines can come late and out of order.',
  limits: ['site'],
  parameters: { delay: { is: duration, default: '5s', meaning: 'how late' } },
  strikes: ({ delay }) => [logLines.struckBy(() => ({ kind: 'wait', ms: delay }))],
});
