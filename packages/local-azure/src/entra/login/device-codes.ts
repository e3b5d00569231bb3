import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import {
  authorizationDeclined,
  authorizationPending,
  badVerificationCode,
  expiredVerificationCode,
} from './user-errors.ts';

/** What the device asked for, and waits for. */
export interface DeviceRequest {
  clientId: string;
  /** As the client wrote it. */
  scope: string;
}

type Answer = { userId: string } | 'declined';

interface Pending extends DeviceRequest {
  userCode: string;
  expiresOn: number;
  /** The id of the user who signed in; or the user said no. */
  answer?: Answer;
}

/**
 * Sign-ins that a program began, and a user goes on with in a browser. They live as long as this process, and no more
 * than 15 minutes.
 */
export interface DeviceCodes {
  begin(request: DeviceRequest): { deviceCode: string; userCode: string };
  /** What waits for the user with this code; undefined when nothing does. */
  find(userCode: string): DeviceRequest | undefined;
  answer(userCode: string, answer: Answer): void;
  /** Who signed in, and what was asked for: once. Throws while there is nobody. */
  redeem(deviceCode: string, clientId: string): { userId: string; scope: string };
}

/** Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, "the user has 15 minutes" */
export const deviceCodeSeconds = 15 * 60;

/** Without those that look alike. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const newUserCode = () => Array.from({ length: 9 }, () => alphabet[randomInt(alphabet.length)]).join('');

export function createDeviceCodes(clock: Clock): DeviceCodes {
  const pending = new Map<string, Pending>();

  const isOver = ({ expiresOn }: Pending) => expiresOn <= clock.now();
  const waiting = (userCode: string) => {
    const wanted = userCode.trim().toUpperCase();
    return [...pending.values()].find((one) => one.userCode === wanted && !one.answer && !isOver(one));
  };

  return {
    begin(request) {
      // One that is over is kept as long again, so that its program is told why it gets no token.
      const forgotten = clock.now() - deviceCodeSeconds * 1000;
      for (const [code, { expiresOn }] of pending) if (expiresOn <= forgotten) pending.delete(code);
      const deviceCode = randomBytes(64).toString('base64url');
      const userCode = newUserCode();
      pending.set(deviceCode, { ...request, userCode, expiresOn: clock.now() + deviceCodeSeconds * 1000 });
      return { deviceCode, userCode };
    },

    find: waiting,

    answer(userCode, answer) {
      const found = waiting(userCode);
      if (found) found.answer = answer;
    },

    redeem(deviceCode, clientId) {
      const found = pending.get(deviceCode);
      if (found?.clientId.toLowerCase() !== clientId.toLowerCase()) throw badVerificationCode();
      if (found.answer === 'declined') throw authorizationDeclined();
      if (!found.answer) throw isOver(found) ? expiredVerificationCode() : authorizationPending();
      pending.delete(deviceCode);
      return { userId: found.answer.userId, scope: found.scope };
    },
  };
}
