import fc from 'fast-check';
import { diagnose } from '../src/checks/diagnose.ts';
import { known, unknown } from '../src/pull-path/snapshot.ts';
import { foretoldReport } from '../src/report/foretell.ts';
import { type Report, reportOf } from '../src/report/report.ts';
import {
  becauseDenied,
  type Changes,
  customRole,
  denied,
  grantOf,
  identityOf,
  snapshotOf,
  takenOn,
} from './snapshots.ts';

/** The report on an app that is as it should be, but for the changes. */
export const reportFor = (changes: Changes): Report => {
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
reports.push([
  'a swap',
  foretoldReport(snapshotOf({ sites: [{}, { slot: 'staging', identity: identityOf() }] }), 'staging'),
]);
export const allReports = reports.map(([, report]) => report);

/** What means something to one of the forms. Azure has no such names; whoever made a saved snapshot may. */
const markup =
  `< > & " ' \` | * \n \r\n \0 \x1b[31m \x9b2J [x](javascript:alert(1)) ]]> --> \`\`\` @octocat \ud800 a
  </style><script>alert(1)</script> </details>`.split(' ');
const hostileName = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...markup)).map((parts) => parts.join('')),
);
export const hostileReport = fc
  .record({
    name: hostileName,
    slot: hostileName,
    message: hostileName,
    image: hostileName,
    isSwap: fc.boolean(),
  })
  .map(({ name, slot, message, image, isSwap }): Report => {
    const snapshot = snapshotOf({
      sites: [{}, { slot: `s${slot}`, hostName: name, config: { linuxFxVersion: `DOCKER|${image}` } }],
      grants: unknown({ ...becauseDenied('Microsoft.Authorization/roleAssignments/read'), message }),
    });
    snapshot.app.name = name;
    return isSwap ? foretoldReport(snapshot, `s${slot}`) : reportOf(snapshot, diagnose(snapshot));
  });

/** The same report with plain words in place of all that a form might take for markup. */
export const harmless = (report: Report): Report =>
  JSON.parse(JSON.stringify(report), (_, value) =>
    typeof value === 'string' && /[^\w ./:=,;(){}#-]/.test(value) ? 'x' : value,
  );

/** The tags of a page, in order. */
export const tagsOf = (html: string): string[] => html.match(/<\/?[a-z][a-z0-9]*/g) ?? [];
