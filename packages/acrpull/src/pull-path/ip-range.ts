/** Whether an IPv4 address is in a range such as `203.0.113.0/24`, or is the address that stands in its place. */
export function isInRange(address: string, range: string): boolean {
  const [network = '', prefix = '32', ...more] = range.split('/');
  const [wanted, given] = [parseAddress(network), parseAddress(address)];
  if (more.length > 0 || !/^([12]?\d|3[0-2])$/.test(prefix)) return false;
  if (wanted === undefined || given === undefined) return false;
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(wanted / size) === Math.floor(given / size);
}

/** As a number; undefined for what is no IPv4 address. */
function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
