import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CauseOnTheWire, pulled, testCauses } from './cause.ts';
import { type Setting, startSetting } from './setting.ts';

// What is wrong at the site itself: image, identity, flag.

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting?.stop());

const setImage =
  (image: string): CauseOnTheWire['breakIt'] =>
  (site, { configure }) =>
    configure(site, { linuxFxVersion: `DOCKER|${image}` });
const correctImage = setImage('hoge.azurecr.io/hello:0.1.0');
const flagOff: CauseOnTheWire['breakIt'] = (site, { configure }) =>
  configure(site, { acrUseManagedIdentityCreds: false });

/** Attaches an identity of its own to the site, in place of the system-assigned one. */
async function attachOwn(site: string, { createIdentity, setIdentity }: Setting) {
  const identity = await createIdentity(`puller-${site.split('/').at(-1)}`);
  await setIdentity(site, { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } });
  return identity;
}

/** Names the site's own identity, as it is now, and grants it the pull. */
const selectOwn: CauseOnTheWire['breakIt'] = async (site, setting) => {
  const { clientId, principalId } = await attachOwn(site, setting);
  await setting.grant(setting.registry, principalId);
  await setting.configure(site, { acrUserManagedIdentityID: clientId });
};

const adminUser = {
  DOCKER_REGISTRY_SERVER_URL: 'https://hoge.azurecr.io',
  DOCKER_REGISTRY_SERVER_USERNAME: 'hoge',
  DOCKER_REGISTRY_SERVER_PASSWORD: 'of-yesterday',
};

const causes: CauseOnTheWire[] = [
  { id: 'A13', breakIt: setImage('https://hoge.azurecr.io/hello:0.1.0'), mend: correctImage },
  { id: 'A14', breakIt: setImage('hello:0.1.0'), mend: correctImage },
  { id: 'A15', breakIt: setImage('hogehoge.azurecr.io/hello:0.1.0'), mend: correctImage },
  { id: 'E1', breakIt: setImage('hoge.azurecr.io/hello:9.9.9'), mend: correctImage },

  { id: 'B1', breakIt: (site, { setIdentity }) => setIdentity(site, { type: 'None' }), mend: 'fix' },
  {
    id: 'B1',
    as: 'of a slot',
    site: { slot: 'staging' },
    breakIt: (site, { setIdentity }) => setIdentity(site, { type: 'None' }),
    mend: 'fix',
  },
  {
    id: 'A6',
    breakIt: async (site, setting) => {
      const { principalId } = await attachOwn(site, setting);
      await setting.configure(site, { acrUserManagedIdentityID: principalId });
    },
    mend: 'fix',
  },
  {
    // Azure keeps null for a resource id, as Terraform's argument is easily given one (cause A12): it looks like none.
    id: 'A7',
    as: 'by a resource id',
    breakIt: async (site, setting) => {
      const { id } = await attachOwn(site, setting);
      await setting.configure(site, { acrUserManagedIdentityID: id });
    },
    mend: 'fix',
  },
  {
    // Written to the site and not to its configuration, it is dropped without a word: cause A11.
    id: 'A7',
    as: 'by az resource update',
    breakIt: async (site, setting) => {
      const { clientId } = await attachOwn(site, setting);
      await setting.arm('PATCH', site, '2023-12-01', { properties: { AcrUserManagedIdentityID: clientId } });
    },
    mend: 'fix',
  },
  {
    id: 'A8',
    breakIt: async (site, { createIdentity, configure }) => {
      const { clientId } = await createIdentity('puller-a8');
      await configure(site, { acrUserManagedIdentityID: clientId });
    },
    mend: (site, { azure }) => azure.acrpull('fix', site, '--identity', 'puller-a8', '--yes'),
  },
  {
    id: 'B7',
    breakIt: async (site, setting) => {
      await selectOwn(site, setting);
      const { id } = await attachOwn(site, setting);
      await setting.arm('DELETE', id, '2023-01-31');
    },
    mend: async (site, setting) => {
      await setting.setIdentity(site, { type: 'None' });
      await selectOwn(site, setting);
    },
  },

  { id: 'A1', breakIt: flagOff, mend: 'fix' },
  {
    // What a template has above siteConfig is dropped without a word, too: cause A10.
    id: 'A1',
    as: 'declared in the wrong place',
    breakIt: async (site, setting) => {
      await flagOff(site, setting);
      await setting.arm('PATCH', site, '2023-12-01', { properties: { acrUseManagedIdentityCreds: true } });
    },
    mend: 'fix',
  },
  {
    // Cause A3. az writes back all that it has read, the flag as it was then, but for the IP restrictions.
    // Source: azure-cli appservice/custom.py, update_site_configs
    id: 'A1',
    as: 'by az webapp config container set',
    breakIt: async (site, setting) => {
      const { arm, configure } = setting;
      await flagOff(site, setting);
      const { properties } = await arm('GET', `${site}/config/web`, '2023-12-01');
      const { ipSecurityRestrictions, scmIpSecurityRestrictions, ...read } = properties;
      await configure(site, { acrUseManagedIdentityCreds: true });
      await configure(site, { ...read, linuxFxVersion: 'DOCKER|hoge.azurecr.io/hello:0.1.0' });
    },
    mend: 'fix',
  },
  { id: 'A2', site: { slot: 'staging' }, breakIt: flagOff, mend: 'fix' },
  {
    id: 'A17',
    notes: ['A5'],
    breakIt: async (site, setting) => {
      await setting.setSettings(site, adminUser);
      await flagOff(site, setting);
    },
    mend: 'fix',
  },
];
testCauses(() => setting, causes);

test.concurrent('A16: credentials that are left over are told of, and do no harm while the flag is on', async () => {
  const { healthySite, setSettings, restart, doctor } = setting;
  const site = await healthySite('a16');
  await setSettings(site, adminUser);
  expect(await restart(site)).toMatch(pulled);
  expect(await doctor(site)).toMatchObject([{ firstBroken: null, findings: [{ id: 'C1' }, { id: 'A16' }] }]);
});
