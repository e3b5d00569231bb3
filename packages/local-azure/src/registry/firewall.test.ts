import { expect, test } from 'vitest';
import { admits } from './firewall.ts';
import type { Firewall } from './registry-facts.ts';

const address = '203.0.113.7';
const firewall = (
  defaultAction: 'Allow' | 'Deny',
  rules: string[] = [],
  publicNetworkAccess: Firewall['publicNetworkAccess'] = 'Enabled',
): Firewall => ({
  publicNetworkAccess,
  networkRuleSet: { defaultAction, ipRules: rules.map((value) => ({ action: 'Allow', value })) },
});

test.each([
  ['is open by default', firewall('Allow'), true],
  ['lets in whom no rule names, unless told otherwise', firewall('Allow', ['192.0.2.1']), true],
  ['denies whom no rule names', firewall('Deny', ['192.0.2.1']), false],
  ['denies all without a rule', firewall('Deny'), false],
  ['lets in an address', firewall('Deny', ['192.0.2.1', address]), true],
  ['lets in a range', firewall('Deny', ['203.0.113.0/24']), true],
  ['does not let in a neighbouring range', firewall('Deny', ['203.0.112.0/24']), false],
  ['has no rule that counts without public access', firewall('Allow', [address], 'Disabled'), false],
])('a registry %s', (_, rules, expected) => expect(admits(rules, { address })).toBe(expected));
