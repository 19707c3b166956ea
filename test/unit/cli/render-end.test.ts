import pc from 'picocolors';
import { renderEnd } from '../../../cli/render/report.ts';
import { startProgress, type RunProgress } from '../../../domain/runs/progress.ts';

const plain = { colour: pc.createColors(false) };
const progress: RunProgress = {
  ...startProgress('restore/demo/1', 'restore', 'demo', '2026-11-21T09:30:00.000Z'),
  phase: 'passed',
  verdict: 'pass',
  finishedAt: '2026-11-21T09:31:00.000Z',
  quarantine: { workflow: 'quarantine/restore/demo/1', volumes: ['demo_es-data'] },
};
const end = (change: Partial<RunProgress>) =>
  renderEnd({ ...progress, ...change }, plain, Date.parse('2026-11-21T09:40Z'));

test('the end of a restore says until when the old data is kept, and what to type', () => {
  const text = end({
    quarantine: {
      workflow: 'quarantine/restore/demo/1',
      volumes: ['demo_es-data'],
      releaseAt: '2026-11-24T09:31:00.000Z',
    },
  });
  expect(text).toContain('The old data is kept until 2026-11-24T09:31:00.000Z, then it is deleted: demo_es-data');
  expect(text).toContain('rekindle rollback restore/demo/1');
});

test('without a deadline it says that there is none', () => {
  expect(end({ phase: 'failed', verdict: 'fail' })).toContain(
    'is kept until you roll back or release it (no deadline)',
  );
});

test('while the restore waits for a decision, the commands that its quarantine refuses are not offered', () => {
  const text = end({ phase: 'waiting for decision', verdict: undefined, finishedAt: undefined });
  expect(text).toContain('The old data is kept at least until this run ends: demo_es-data');
  expect(text).not.toContain('rekindle rollback');
});

test('a run that waits with everything down says that the downtime goes on', () => {
  const steps: RunProgress['steps'] = [
    {
      id: 'stop-api',
      action: 'stopService',
      title: '',
      status: 'done',
      startedAt: '2026-11-21T09:30:00.000Z',
      finishedAt: '2026-11-21T09:30:02.000Z',
    },
    { id: 'start-api', action: 'startService', title: '', status: 'waiting' },
  ];
  const waiting = { phase: 'waiting for decision', finishedAt: undefined, steps } as const;
  expect(end(waiting)).toContain('Downtime so far: 600.0 s; core is not healthy yet');
});

test('who started the run is said in a line', () => {
  const said = end({ startedBy: { how: 'page', name: 'ann' }, startedAt: '2026-11-21T09:30:00.000Z' });
  expect(said.split('\n')).toContain('Started on the page by ann at 2026-11-21T09:30:00.000Z');
});
