import { accessSync, constants } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, join } from 'node:path';

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Whether a program is on the PATH. */
export const installed = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Prints the median of each row, its range, and how many times the first row's it is. */
export function report(title, unit, rows) {
  console.log(`${title} (${rows[0].values.length} runs, Node ${process.version}, ${cpus().length} cores)\n`);
  const first = median(rows[0].values);
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, values } of rows) {
    const middle = median(values);
    const range = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
    console.log(
      `${name.padEnd(width)}  ${middle.toFixed(0).padStart(6)} ${unit}  ${range.padStart(14)}  ×${(middle / first).toFixed(2)}`,
    );
  }
  console.log();
}
