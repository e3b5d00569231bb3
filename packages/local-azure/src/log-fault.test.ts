import { describe, expect, test } from 'vitest';
import { EngineError } from './app-service/engines/engine.ts';
import { PullError } from './app-service/pull-error.ts';
import { describeFault } from './log-fault.ts';
import { blobDamaged } from './registry/errors.ts';
import { UserError } from './user-error.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });
const what = 'PUT hoge.azurecr.io/v2/app/blobs/uploads/1 failed';

describe('what can be expected is one line', () => {
  test.each<[string, Error, string]>([
    ['a full disk', withCode('ENOSPC: no space left on device, write', 'ENOSPC'), 'ENOSPC: no space left'],
    ['a full database', withCode('database or disk is full', 'SQLITE_FULL'), 'database or disk is full'],
    ['a broken disk', withCode('disk I/O error', 'SQLITE_IOERR_FSYNC'), 'disk I/O error'],
    ['a damaged blob', blobDamaged('sha256:1', 5, 10), 'blob sha256:1 is damaged'],
    ['an engine that fails', new EngineError('the daemon\n  says no'), 'the daemon says no'],
    ['a pull that fails', new PullError('truncated', 'unexpected EOF'), 'unexpected EOF'],
    ['a mistake of the user', new UserError('the folder is taken', 'choose another'), 'the folder is taken'],
  ])('%s', (_what, error, says) => {
    const text = describeFault(what, error);
    expect(text.startsWith(`${what}: ${says}`)).toBe(true);
    expect(text).not.toContain('\n');
  });
});

describe('a bug shows its stack', () => {
  test.each([new TypeError('x is not a function'), withCode('bad argument', 'ERR_INVALID_ARG_TYPE')])(
    '%s',
    (error) => expect(describeFault(what, error)).toMatch(/failed: \w*Error: .*\n {4}at /),
  );

  test('with what caused it, and nothing else that an error carries', () => {
    const cause = Object.assign(new Error('inner'), { password: 'secret' });
    const text = describeFault(what, Object.assign(new Error('outer', { cause }), { token: 'secret' }));
    expect(text).toMatch(/Error: outer\n {4}at [\s\S]*because: Error: inner\n {4}at /);
    expect(text).not.toContain('secret');
  });

  test('even what is no error at all', () => expect(describeFault(what, 'x')).toBe(`${what}: x`));
});
