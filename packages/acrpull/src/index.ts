/**
 * The library: read an app's pull path, judge it, plan and apply repairs, verify. The CLI is made of the same parts.
 */
export { type Azure, connectAzure } from './azure/azure.ts';
export type { Cause, Check, Evidence, Verdict } from './checks/cause.ts';
export { type Diagnosis, diagnose, type Finding } from './checks/diagnose.ts';
export { type Foretold, foretellSwap } from './checks/foretell.ts';
export { causes, checks } from './checks/index.ts';
export { explainLog, type LogSource } from './explain/explain-log.ts';
export type { Explained } from './explain/explain-story.ts';
export { Failure } from './failure.ts';
export { type AppQuery, findApp } from './pull-path/find-app.ts';
export { gather } from './pull-path/gather.ts';
export { formatSnapshot, parseSnapshot, readSnapshot } from './pull-path/saved-snapshot.ts';
export type { Snapshot } from './pull-path/snapshot.ts';
export { planSites, type SitePlan } from './remedies/plan.ts';
export { type Format, formats, render } from './report/formats.ts';
export { type Report, reportOf } from './report/report.ts';
export { describe, type Outcome } from './verify/outcome.ts';
export { type Verified, type VerifyOptions, verifySite } from './verify/verify-site.ts';
