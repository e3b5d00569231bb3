import { faultKind } from '../fault-kind.ts';
import { answer } from '../http-effect.ts';
import { oneOf } from '../parameters.ts';
import { resourceManagerRequests } from '../places.ts';

/** The message of 504 is Azure's own; the others are ours. */
const errors = {
  '500': { code: 'InternalServerError', message: 'Encountered internal server error.' },
  '502': { code: 'BadGateway', message: 'The gateway received an invalid response.' },
  '503': { code: 'ServiceUnavailable', message: 'The service is unavailable. Please try again later.' },
  '504': {
    code: 'GatewayTimeout',
    message: "The gateway did not receive a response from 'Microsoft.Web' within the specified time period.",
  },
};

export const resourceManagerOutage = faultKind({
  name: 'resource-manager-outage',
  does: 'Resource Manager answers with a 5xx, or not at all.',
  standsFor: 'Resource Manager, or the provider behind it, is out of order.',
  limits: ['registry', 'site'],
  parameters: {
    answer: {
      is: oneOf('500', '502', '503', '504', 'none'),
      default: '503',
      meaning: 'the status, or none: the client waits in vain',
    },
  },
  strikes: ({ answer: status }) => [
    resourceManagerRequests.struckBy(() =>
      status === 'none' ? { kind: 'silence' } : answer(Number(status), { error: errors[status] }),
    ),
  ],
});
