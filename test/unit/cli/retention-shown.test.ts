import pc from 'picocolors';
import { renderChecks, renderEnd, renderPlan } from '../../../cli/render/report.ts';
import { renderPrunePreview } from '../../../cli/render/retention.ts';
import { overallVerdict, passed, warned } from '../../../domain/checks.ts';
import { planPrune } from '../../../domain/plans/plan-prune.ts';
import { startProgress } from '../../../domain/runs/progress.ts';
import { detailsPage } from '../../../workflows/run/details-page.ts';
import { demoPlatform } from '../../demo-situation.ts';

const plain = { colour: pc.createColors(false) };
const warning = warned('lifecycle documents', 'a rule deletes objects', 'take the prefix out of the rule');

test('a warning passes, and is shown with what to do', () => {
  expect(overallVerdict([warning])).toBe('pass');
  expect(renderChecks([passed('images', 'all there'), warning], plain)).toBe(
    [
      '  pass  images               all there',
      '  WARN  lifecycle documents  a rule deletes objects',
      '        → take the prefix out of the rule',
    ].join('\n'),
  );
  const progress = startProgress('restore/demo/1', 'restore', 'demo', '2026-11-21T09:30:00.000Z');
  Object.assign(progress, { checks: [warning], phase: 'passed', verdict: 'pass' });
  expect(renderEnd(progress, plain)).toContain('→ take the prefix out of the rule');
  expect(detailsPage(progress)).toContain('- **warning** lifecycle documents: a rule deletes objects');
});

test('the preview: the policy, each point with its reasons, foreign snapshots or why nobody could look', () => {
  const point = (id: string) => ({
    id,
    startedAt: `${id}T00:00:00Z`,
    durationSeconds: 1,
    totalBytes: 1,
    incrementalBytes: 1,
    indices: 1,
    documents: 1,
    pinned: false,
    bad: false,
    deleting: false,
  });
  const text = renderPrunePreview(
    'nuvla',
    {
      assessment: {
        policy: { hourly: 0, daily: 14, weekly: 0, monthly: 2, yearly: 0, minimumCount: 3, maximumAgeDays: 400 },
        points: [point('2026-11-21'), point('2026-11-20')],
        verdicts: [
          { id: '2026-11-21', keep: true, reasons: ['newest good one', 'pinned'] },
          { id: '2026-11-20', keep: false, reasons: ['no rule keeps it'] },
        ],
        removals: [],
        leftAlone: [],
        halfRemoved: ['2026-01-01'],
        warnings: ['skipped README'],
      },
      foreign: [
        { store: 'documents', repository: 's3_backup', snapshots: ['cron.1', 'cron.2'] },
        { store: 'logs', repository: 'other', snapshots: [] },
        { store: 'events', repository: 'third', unseen: 'it does not answer' },
      ],
    },
    plain,
  );
  expect(text.split('\n')).toEqual([
    'Retention of nuvla: daily 14, monthly 2, at least 3, none older than 400 days',
    '  stays  2026-11-21  2026-11-21T00:00:00Z  newest good one; pinned',
    '  goes   2026-11-20  2026-11-20T00:00:00Z  no rule keeps it',
    '2 recovery points: 1 stay, 1 go; nothing was changed',
    'An earlier prune was cut off: 2026-01-01 would be finished',
    'Foreign snapshots in the repository s3_backup (documents), never touched: cron.1, cron.2',
    'Foreign snapshots in the repository other (logs): none',
    'Foreign snapshots in the repository third (events): could not look: it does not answer',
    'warning: skipped README',
  ]);
});

test('a plan of a prune names what it removes', () => {
  const plan = planPrune({
    platform: demoPlatform(),
    platformFileHash: 'f',
    host: 'machine',
    removals: [{ id: '2026-11-01t0000z', snapshots: { documents: 'snapshot.2026-11-01t0000z' } }],
    halfRemoved: [],
    runs: ['restore/demo/1~0199a1b2'],
  });
  const text = renderPlan({ ...plan, hash: 'h' }, plain);
  for (const name of ['2026-11-01t0000z', 'snapshot.2026-11-01t0000z', 'restore/demo/1~0199a1b2'])
    expect(text).toContain(name);
});
