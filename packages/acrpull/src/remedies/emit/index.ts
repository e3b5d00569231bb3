import { emitArm } from './arm.ts';
import { emitAz } from './az.ts';
import { emitBicep } from './bicep.ts';
import type { Emit } from './emit.ts';
import { emitTerraform } from './terraform.ts';

/** The languages that `--emit` speaks. A new one is one more line. */
export const emitters: Record<string, Emit> = {
  az: emitAz,
  bicep: emitBicep,
  terraform: emitTerraform,
  arm: emitArm,
};
