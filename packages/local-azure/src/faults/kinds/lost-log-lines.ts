import { faultKind } from '../fault-kind.ts';
import { logLines } from '../places.ts';

// Source: Azure-App-Service/KuduLite Kudu.Services/Diagnostics/LogStreamManager.cs
export const lostLogLines = faultKind({
  name: 'lost-log-lines',
  does: 'A line of a log stream does not reach its reader. The log file has it.',
  standsFor: 'The log stream follows files and promises nothing: what it misses, it does not tell.',
  limits: ['site'],
  parameters: {},
  strikes: () => [logLines.struckBy(() => ({ kind: 'lose' }))],
});
