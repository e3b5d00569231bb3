import type { Directory } from '../directory/directory.ts';
import type { User } from '../entra.ts';
import { type DeviceCodes, deviceCodeSeconds } from './device-codes.ts';
import { EntraError, missingParameter } from './entra-error.ts';
import { publicClientName, requirePublicClient } from './public-clients.ts';
import { parseDelegatedScope } from './scope.ts';
import { type SignInPage, signInPath } from './sign-in-page.ts';
import { userDisabled, userNotFound, wrongPassword } from './user-errors.ts';

export interface DeviceFlowParts {
  tenantId: string;
  directory: Directory;
  deviceCodes: DeviceCodes;
  signInOrigin(): string;
}

/** The device authorization grant, but for the token at its end. Source: RFC 8628 */
export function createDeviceFlow({ tenantId, directory, deviceCodes, signInOrigin }: DeviceFlowParts) {
  return {
    /** What a program shows to its user. */
    begin(form: URLSearchParams) {
      const required = (name: string) => form.get(name) || missing(name);
      const clientId = required('client_id');
      const scope = required('scope');
      requirePublicClient(clientId, { tenantId, directory });
      parseDelegatedScope(scope);
      const { deviceCode, userCode } = deviceCodes.begin({ clientId, scope });
      // The same page as on login.microsoftonline.com, for a browser that knows neither proxy nor certificate.
      const address = `${signInOrigin()}${signInPath}`;
      return {
        user_code: userCode,
        device_code: deviceCode,
        verification_uri: address,
        expires_in: deviceCodeSeconds,
        interval: 5,
        message:
          `To sign in, use a web browser to open the page ${address} and enter the code ${userCode} to ` +
          'authenticate.',
      };
    },

    /** Takes the form of the sign-in page, and says what the page shows next. */
    async signIn(form: URLSearchParams): Promise<SignInPage> {
      const userCode = form.get('code') ?? '';
      const userName = (form.get('username') ?? '').trim();
      const again = (problem: string): SignInPage => ({ kind: 'form', userCode, userName, problem });
      const request = deviceCodes.find(userCode);
      if (!request) return again('That code did not work. It may have expired.');
      const program = publicClientName(request.clientId);
      if (form.has('decline')) {
        deviceCodes.answer(userCode, 'declined');
        return { kind: 'done', title: 'Declined', text: `${program} gets no access.` };
      }
      try {
        const user = await checkPassword(userName, form.get('password') ?? '');
        deviceCodes.answer(userCode, { userId: user.id });
        const text = `You have signed in to ${program} as ${user.userPrincipalName}. You may close this window.`;
        return { kind: 'done', title: 'You are signed in', text };
      } catch (error) {
        if (!(error instanceof EntraError)) throw error;
        return again(`AADSTS${error.code}: ${error.message}`);
      }
    },
  };

  async function checkPassword(name: string, password: string): Promise<User> {
    const user = directory.getByUserPrincipalName(name);
    if (!user) throw userNotFound(name, tenantId);
    if (!(await directory.passwords.check(user.id, password))) throw wrongPassword();
    if (!user.accountEnabled) throw userDisabled();
    return user;
  }
}

function missing(name: string): never {
  throw missingParameter(name);
}
