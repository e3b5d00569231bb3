import { createHash } from 'node:crypto';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { Check, ForetoldCause } from '../checks/cause.ts';
import { checks, foretoldCauses } from '../checks/index.ts';
import { version } from '../version.ts';
import type { Report, ReportedFinding, SiteReport } from './report.ts';

/** Whatever may be found. */
const causes = [...checks, ...foretoldCauses];

/** A SARIF 2.1.0 log: a rule for each cause, a result for each finding. Source: OASIS sarif-v2.1.0-os */
export const sarifLog = (reports: Report[]): Log => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'acrpull', version, semanticVersion: version, rules: causes.map(rule) } },
      invocations: reports.map(({ takenOn, app, swap }) => ({
        executionSuccessful: true,
        endTimeUtc: takenOn,
        properties: { app, ...(swap && { swap }) },
      })),
      results: reports.flatMap(({ sites }) =>
        sites.flatMap((site) => site.findings.map((finding) => result(site, finding))),
      ),
    },
  ],
});

const rule = ({
  id,
  title,
  why,
  docs,
  link,
  confidence,
  frequency,
}: Check | ForetoldCause): ReportingDescriptor => ({
  id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  helpUri: docs,
  defaultConfiguration: { level: confidence === 'hint' ? 'note' : 'error' },
  properties: { link, confidence, frequency, tags: ['azure', 'app-service', link] },
});

function result(site: SiteReport, finding: ReportedFinding): Result {
  const { id, link, status, confidence, says, container, consequenceOf, evidence, unreadable } = finding;
  const { mend, lookAlikes } = finding;
  return {
    ruleId: id,
    ruleIndex: causes.findIndex((cause) => cause.id === id),
    // What could not be read is no problem yet, and no level belongs to it.
    ...(status === 'unknown'
      ? { kind: 'open', level: 'none' }
      : { kind: 'fail', level: status === 'fail' ? 'error' : confidence === 'hint' ? 'note' : 'warning' }),
    message: { text: [`${site.name}: ${says}`, ...(mend?.commands ?? [])].join('\n') },
    locations: [locationOf(site)],
    partialFingerprints: { 'siteLinkCause/v1': fingerprint(site.id, container ?? '', link, id) },
    properties: { link, confidence, container, consequenceOf, evidence, unreadable, mend, lookAlikes },
  };
}

/**
 * A site is no file. It is named as what it is, and, since GitHub's code scanning wants a path and a line, by its
 * resource id as a path. Source: docs.github.com "SARIF support for code scanning"
 */
const locationOf = ({ id, name }: SiteReport): Location => ({
  logicalLocations: [{ name, fullyQualifiedName: id, kind: 'resource' }],
  physicalLocation: {
    artifactLocation: { uri: id.split('/').filter(Boolean).map(toUriPart).join('/') },
    region: { startLine: 1 },
  },
});

/** Half a surrogate pair, which no URI can hold, becomes U+FFFD on its way through UTF-8. */
const toUriPart = (text: string) => encodeURIComponent(Buffer.from(text).toString());

/** The same problem has the same one in every run. */
const fingerprint = (...parts: string[]) =>
  createHash('sha256').update(parts.join('\n').toLowerCase()).digest('hex').slice(0, 32);
