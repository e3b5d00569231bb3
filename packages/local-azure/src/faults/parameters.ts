import { z } from 'zod';

/** One setting of a fault: `name=value` in its text. */
export interface Parameter<Value> {
  is: z.ZodType<Value, string | undefined>;
  /** What it means, for people. */
  meaning: string;
  /** Absent: it may be left out, and means nothing then; or `is` asks for it. */
  default?: string;
}

export type Parameters = Record<string, Parameter<unknown>>;

export type ValuesOf<Of extends Parameters> = {
  [Name in keyof Of]: Of[Name] extends Parameter<infer Value> ? Value : never;
};

const milliseconds: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const bytes: Record<string, number> = { B: 1, kB: 1000, MB: 1_000_000 };

/** A number with a unit that `factors` knows, as the number of the smallest one. */
function measure(factors: Record<string, number>, problem: string) {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?)(${Object.keys(factors).join('|')})$`);
  return z
    .string(problem)
    .regex(pattern, problem)
    .transform((text) => {
      const [, number, unit] = pattern.exec(text)!;
      return Number(number) * factors[unit!]!;
    });
}

/** In milliseconds. */
export const duration = measure(
  milliseconds,
  'it must be a time with its unit, such as 500ms, 30s, 5m or 24h',
);

/** In bytes a second. */
export const bytesPerSecond = measure(bytes, 'it must be bytes a second, such as 500B, 100kB or 2MB').refine(
  (value) => value > 0,
  'it must be more than 0',
);

/** From 0 to 1. */
export const share = z
  .string()
  .regex(/^(\d+(\.\d+)?%|[01](\.\d+)?)$/, 'it must be a share, such as 30% or 0.3')
  .transform((text) => (text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)))
  .refine((value) => value <= 1, 'it must be 100% at the most');

export const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'it must be a whole number')
  .transform(Number);

export const positive = wholeNumber.refine((value) => value > 0, 'it must be more than 0');

export const oneOf = <const Choice extends string>(...choices: Choice[]) =>
  z.enum(choices, `it must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`);
