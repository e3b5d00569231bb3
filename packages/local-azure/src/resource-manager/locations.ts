/** A region: its name in ids and properties, and what people call it. */
export interface Location {
  name: string;
  displayName: string;
  geographyGroup: string;
}

const group = (geographyGroup: string, displayNames: string[]): Location[] =>
  displayNames.map((displayName) => ({ name: normalizeLocation(displayName), displayName, geographyGroup }));

/** Azure takes `Japan East` for `japaneast`. */
function normalizeLocation(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** The public regions. Source: learn.microsoft.com/azure/reliability/regions-list */
export const locations: readonly Location[] = [
  ...group('US', [
    'Central US',
    'East US',
    'East US 2',
    'North Central US',
    'South Central US',
    'West Central US',
    'West US',
    'West US 2',
    'West US 3',
  ]),
  ...group('Canada', ['Canada Central', 'Canada East']),
  ...group('South America', ['Brazil South']),
  ...group('Mexico', ['Mexico Central']),
  ...group('Europe', [
    'France Central',
    'Germany West Central',
    'Italy North',
    'North Europe',
    'Norway East',
    'Poland Central',
    'Spain Central',
    'Sweden Central',
    'Switzerland North',
    'UK South',
    'UK West',
    'West Europe',
  ]),
  ...group('Middle East', ['Israel Central', 'Qatar Central', 'UAE North']),
  ...group('Africa', ['South Africa North']),
  ...group('Asia Pacific', [
    'Australia Central',
    'Australia East',
    'Australia Southeast',
    'Central India',
    'East Asia',
    'Indonesia Central',
    'Japan East',
    'Japan West',
    'Korea Central',
    'Korea South',
    'Malaysia West',
    'New Zealand North',
    'South India',
    'Southeast Asia',
    'West India',
  ]),
];

const names = new Set(locations.map(({ name }) => name));

/** The region of that name or display name; undefined when there is none. */
export function findLocation(location: string): string | undefined {
  const name = normalizeLocation(location);
  return names.has(name) ? name : undefined;
}
