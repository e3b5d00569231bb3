import { faultKind } from '../fault-kind.ts';
import { duration } from '../parameters.ts';
import { kuduRequests } from '../places.ts';

// Source: learn.microsoft.com/answers/questions/1465927: App Service ends idle connections after 230 seconds
export const logStreamDrop = faultKind({
  name: 'log-stream-drop',
  does: 'The connection of a log stream ends.',
  standsFor: 'App Service ends connections that are idle for 230 seconds.',
  limits: ['site'],
  parameters: { after: { is: duration, default: '230s', meaning: 'how long after it was opened' } },
  strikes: ({ after }) => [
    kuduRequests.struckBy(({ path }) =>
      /^\/(api\/)?logstream(\/|$)/i.test(path) ? { kind: 'drop', ms: after } : undefined,
    ),
  ],
});
