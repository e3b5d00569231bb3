import fc from 'fast-check';
import { diagnose } from '../src/checks/diagnose.ts';
import { known } from '../src/pull-path/snapshot.ts';
import { type Report, reportOf } from '../src/report/report.ts';
import { type Changes, customRole, denied, grantOf, identityOf, snapshotOf, takenOn } from './snapshots.ts';

const reportFor = (changes: Changes): Report => {
  const snapshot = snapshotOf(changes);
  return reportOf(snapshot, diagnose(snapshot));
};

const sidecar = (name: string, image: string) => ({
  name,
  image,
  isMain: name === 'main',
  authType: 'SystemIdentity',
  userManagedIdentityClientId: null,
});

/** Of every kind: all well, broken twice, not read, a hint, sidecars. */
export const reports: [name: string, report: Report][] = (
  [
    ['healthy', {}],
    ['broken', { sites: [{}, { slot: 'staging', identity: identityOf() }] }],
    ['not read', { grants: denied('Microsoft.Authorization/roleAssignments/read') }],
    ['a hint', { grants: [grantOf({ role: customRole })] }],
    ['young', { grants: [grantOf({ createdOn: takenOn })] }],
    [
      'sidecars',
      {
        site: {
          config: { linuxFxVersion: 'SITECONTAINERS' },
          containers: known([
            sidecar('main', 'hoge.azurecr.io/app:0.1.0'),
            sidecar('proxy', 'hoge.azurecr.io/Proxy'),
          ]),
        },
      },
    ],
  ] satisfies [string, Changes][]
).map(([name, changes]) => [name, reportFor(changes)]);
export const allReports = reports.map(([, report]) => report);

/** Names that mean something to one of the forms. Azure has none of them; whoever made a saved snapshot may. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '<',
          '>',
          '&',
          '"',
          "'",
          '`',
          '|',
          '*',
          '[x](javascript:alert(1))',
          '\n',
          '\r\n',
          '\0',
          '\x1b[31m',
        ],
        ...[
          '</style><script>alert(1)</script>',
          ']]>',
          '-->',
          '</details>',
          '@octocat',
          '```',
          '\ud800',
          'a',
        ],
      ),
    )
    .map((parts) => parts.join('')),
);
export const hostileReport = fc
  .record({ name: hostile, slot: hostile, message: hostile, value: hostile })
  .map(({ name, slot, message, value }) => {
    const snapshot = snapshotOf({
      site: { slot, hostName: name, config: { linuxFxVersion: `DOCKER|${value}` } },
      grants: denied('Microsoft.Authorization/roleAssignments/read'),
    });
    snapshot.app.name = name;
    const grants = Object.values(snapshot.grants)[0]!;
    if (!grants.known) grants.because = { ...grants.because, message };
    return { name, value, report: reportOf(snapshot, diagnose(snapshot)) };
  });

/** The same report with plain words in place of all that a form might take for markup. */
export const harmless = (report: Report): Report =>
  JSON.parse(JSON.stringify(report), (_, value) =>
    typeof value === 'string' && /[^\w ./:=,;(){}#-]/.test(value) ? 'x' : value,
  );

/** The tags of a page, in order. */
export const tagsOf = (html: string): string[] => html.match(/<\/?[a-z][a-z0-9]*/g) ?? [];
