/** Versions that clients may choose from, newest first; any dated version is answered in the newest shape. */
export const apiVersions: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Authorization': [
    '2022-04-01',
    '2020-04-01-preview',
    '2018-01-01-preview',
    '2016-09-01',
    '2015-07-01',
  ],
  'Microsoft.ContainerRegistry': [
    '2025-04-01',
    '2023-07-01',
    '2022-12-01',
    '2022-02-01-preview',
    '2021-09-01',
    '2020-11-01-preview',
    '2019-05-01',
  ],
  'Microsoft.ManagedIdentity': ['2024-11-30', '2023-01-31', '2018-11-30'],
  'Microsoft.Management': ['2023-04-01', '2021-04-01', '2020-05-01'],
  'Microsoft.ResourceGraph': ['2022-10-01', '2021-03-01'],
  'Microsoft.Resources': ['2022-09-01', '2021-04-01', '2019-11-01', '2018-05-01'],
  'Microsoft.Web': [
    '2024-04-01',
    '2023-12-01',
    '2023-01-01',
    '2022-09-01',
    '2022-03-01',
    '2021-03-01',
    '2020-09-01',
  ],
};
