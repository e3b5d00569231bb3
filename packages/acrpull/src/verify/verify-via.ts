import { type Diagnosis, isGap } from '../checks/diagnose.ts';
import { Failure } from '../failure.ts';
import { propagationWindowMs } from '../pull-path/propagation.ts';
import { azSite, type SiteView, siteName } from '../pull-path/site-view.ts';
import { grantAge } from './after-refusal.ts';
import { isProven } from './proof.ts';
import type { Verified } from './verify-site.ts';

/**
 * Production after a slot: it is restarted only once the slot has pulled the same image, started and answered, and
 * production's own links hold by then.
 */
export interface ViaSteps {
  verify(diagnosis: Diagnosis): Promise<Verified>;
  /** Reads and judges production anew. */
  readAgain(): Promise<Diagnosis>;
  /** Azure's time. */
  now(): number;
  /** Until production's grant is as old as the slot's was. */
  wait(ms: number): Promise<void>;
  leaveAlone(diagnosis: Diagnosis, reason: string): Verified;
}

export async function verifyVia(
  slot: Diagnosis,
  production: Diagnosis,
  steps: ViaSteps,
): Promise<Verified[]> {
  requireSameImage(slot.view, production.view);
  const first = await steps.verify(slot);
  if (!isProven(first)) {
    return [first, steps.leaveAlone(production, `${siteName(slot.view)} has not proven it`)];
  }
  const fresh = await steps.readAgain().catch(unread);
  if (fresh instanceof Failure)
    return [first, steps.leaveAlone(production, `it could not be read anew: ${fresh.message}`)];
  const verdict = mayFollow(first.diagnosis, fresh, steps.now());
  if (!verdict.go) return [first, steps.leaveAlone(fresh, verdict.reason)];
  if (verdict.waitMs > 0) await steps.wait(verdict.waitMs);
  return [first, await steps.verify(fresh)];
}

function unread(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/** What a slot proves holds for production only when both run the same image, sidecars included. */
function requireSameImage(slot: SiteView, production: SiteView): void {
  const [slotImages, images] = [slot, production].map(imagesOf);
  if (images !== undefined && slotImages === images) return;
  const hasSidecars = production.container !== undefined || slot.container !== undefined;
  throw new Failure(
    `${siteName(slot)} and production do not run the same image (${slotImages ?? 'unknown'}; ${images ?? 'unknown'}), ` +
      'so that the one would prove nothing for the other. Nothing was restarted.',
    {
      resource: slot.site.id,
      next: hasSidecars
        ? `az webapp sitecontainers list ${azSite(slot)} --query "[].image"`
        : `az webapp config set ${azSite(slot)} --linux-fx-version '${images ?? 'DOCKER|…'}'`,
    },
  );
}

function imagesOf({ site: { config, containers } }: SiteView): string | undefined {
  if (!config.known || !containers.known) return undefined;
  if (/^compose\|/i.test(config.value.linuxFxVersion)) return undefined; // Its file is not kept.
  return [config.value.linuxFxVersion, ...containers.value.map(({ image }) => image)].join(', ');
}

/**
 * Whether production may be restarted after the slot was proven, and how long that has to wait. The slot pulled with an
 * identity of its own: what it cannot prove, that production's may pull too, production's links must say, and its grant
 * must be as old as the one that the registry has honoured. How it runs at this moment is another matter. Pure.
 */
export function mayFollow(
  slot: Diagnosis,
  production: Diagnosis,
  now: number,
): { go: false; reason: string } | { go: true; waitMs: number } {
  const gap = production.chain.find((judged) => judged.link !== 'start' && isGap(judged));
  if (gap) return { go: false, reason: `its ${gap.link} does not hold for sure: ${gap.says}` };
  if (principalOf(slot) === principalOf(production)) return { go: true, waitMs: 0 };
  const honouredAt = Math.min(grantAge(slot, now) ?? 0, propagationWindowMs);
  return { go: true, waitMs: Math.max(0, honouredAt - (grantAge(production, now) ?? 0)) };
}

const principalOf = ({ view: { principal } }: Diagnosis) =>
  principal.found ? principal.principalId : undefined;
