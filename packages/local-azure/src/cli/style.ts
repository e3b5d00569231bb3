import { styleText } from 'node:util';

/** Styled text for a terminal; plain text when it is piped or NO_COLOR is set. */
export function style(
  format: Parameters<typeof styleText>[0],
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(format, text, { validateStream: false }) : text;
}
