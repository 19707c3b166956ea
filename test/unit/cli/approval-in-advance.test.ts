import { approvesInAdvance } from '../../../cli/restore-now.ts';

const gatewayUrl = 'http://127.0.0.1:18080';
const given = { approvedBy: 'ann' };

test('through a gateway, --yes approves the plan as soon as there is one', () => {
  expect(approvesInAdvance({ gatewayUrl }, given, { approvals: [] })).toBe(true);
  expect(approvesInAdvance({ gatewayUrl }, {}, { approvals: [] })).toBe(false);
});

test('a run that was given the approval when it started, and waits all the same, has a plan that nobody has seen', () => {
  expect(approvesInAdvance({ gatewayUrl: undefined }, given, { approvals: [] })).toBe(false);
});
