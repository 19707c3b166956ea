import { isProposal, startedByWords, type StartedBy } from '../../../domain/runs/started-by.ts';

test('each way of starting is said in words', () => {
  const words: [StartedBy, string][] = [
    [{ how: 'command line', name: 'ann@laptop' }, 'from the command line by ann@laptop'],
    [
      { how: 'command line', name: 'ann@laptop', reason: 'before a deployment' },
      'from the command line by ann@laptop, before a deployment',
    ],
    [{ how: 'page', name: 'ann' }, 'on the page by ann'],
    [{ how: 'schedule', name: 'rekindle/nuvla/backup' }, 'by the schedule rekindle/nuvla/backup'],
    [{ how: 'incident', name: 'incident/p-1' }, 'for incident/p-1'],
    [{ how: 'temporal ui' }, 'in Temporal'],
    // What people type into Temporal's form, nobody checks.
    [{ how: 'by magic' } as unknown as StartedBy, 'in Temporal'],
  ];
  for (const [startedBy, expected] of words) expect(startedByWords(startedBy)).toBe(expected);
});

test('only what an incident started is a proposal', () => {
  expect(isProposal({ startedBy: { how: 'incident' } })).toBe(true);
  expect(isProposal({ startedBy: { how: 'page', name: 'ann' } })).toBe(false);
  expect(isProposal({})).toBe(false);
});
