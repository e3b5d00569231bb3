import { describe, expect, test } from 'vitest';
import { UsageError } from '../user-error.ts';
import { kinds } from './kinds/index.ts';
import { parseFault } from './parse-fault.ts';

test('a fault is a kind, its parameters, its limits and the common parameters, in any order', () => {
  expect(
    parseFault(' role-assignment-delay, for=5m,delay=1.5h ,registry=Hoge.azurecr.io,probability=30%,seed=7'),
  ).toMatchObject({
    text: 'role-assignment-delay,for=5m,delay=1.5h,registry=Hoge.azurecr.io,probability=30%,seed=7',
    values: { delay: 5_400_000 },
    limits: { registry: 'hoge' },
    in: 0,
    for: 300_000,
    probability: 0.3,
    seed: 7,
  });
  expect(parseFault('token-cache,site=Hoge-App/Staging').limits).toEqual({ site: 'hoge-app-staging' });
});

test.each(kinds.map(({ name }) => name))('%s needs nothing but its name', (name) => {
  expect(parseFault(name)).toMatchObject({ text: name, probability: 1, in: 0 });
});

describe('what is written wrongly is refused with what there is', () => {
  test.each([
    ['', "no fault ''. There are: role-assignment-delay, "],
    ['outage', "no fault 'outage'. There are: "],
    ['registry-outage,size=3', "no parameter 'size'. It has: answer, registry, host, in, for, count, "],
    ['registry-outage,site=hoge', "no parameter 'site'"],
    ['registry-outage,registry', 'registry has no value'],
    ['registry-outage,registry=', 'registry has no value'],
    ['registry-outage,', "no parameter ''"],
    ['registry-outage,__proto__=1', "no parameter '__proto__'"],
    ['registry-outage,for=1s,for=2s', 'for is given twice'],
    ['registry-outage,answer=502', 'answer: it must be 503 or none'],
    ['registry-outage,for=30', 'for: it must be a time with its unit, such as 500ms, 30s, 5m or 24h'],
    ['registry-outage,for=-1s', 'for: it must be a time'],
    ['registry-outage,count=0', 'count: it must be more than 0'],
    ['registry-outage,count=1.5', 'count: it must be a whole number'],
    ['registry-outage,probability=101%', 'probability: it must be 100% at the most'],
    ['registry-outage,probability=high', 'probability: it must be a share'],
    ['registry-outage,registry=a b', 'registry: it must be a name'],
    ['slow-pull,rate=0B', 'rate: it must be more than 0'],
    ['slow-pull,rate=30', 'rate: it must be bytes a second'],
  ])('%s', (text, message) => {
    expect(() => parseFault(text)).toThrow(UsageError);
    expect(() => parseFault(text)).toThrow(message);
  });
});
