import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { describeStep } from '../../../domain/plans/describe-step.ts';
import type { Step } from '../../../domain/plans/steps.ts';
import { demoPlatform } from '../../demo-situation.ts';

const hook = (name: string, after = true) => ({
  name,
  service: 'api',
  before: ['./ctl', 'pause'],
  ...(after && { after: ['./ctl', 'resume'] }),
  timeoutSeconds: 60,
});

function stepsWith(hooks: ReturnType<typeof hook>[]): Step[] {
  const platform = demoPlatform();
  platform.backup = { ...platform.backup, hooks };
  return planBackup({
    platform,
    platformFileHash: 'f',
    host: 'machine',
    recoveryPoint: '2026-11-21t0930z',
    startedAt: '2026-11-21T09:30:00Z',
  }).steps;
}

const after = (steps: Step[], id: string) => steps.find((step) => step.id === id)?.after;

test('hooks run one after the other before anything is read, and are taken back in the reverse order', () => {
  const steps = stepsWith([hook('imports'), hook('mails')]);
  expect(after(steps, 'hook-imports')).toEqual(['prepare-documents']);
  expect(after(steps, 'hook-mails')).toEqual(['hook-imports']);
  expect(after(steps, 'snapshot-documents')).toEqual(['prepare-documents', 'hook-mails']);
  expect(after(steps, 'hook-mails-after')).toEqual(['snapshot-documents']);
  expect(after(steps, 'hook-imports-after')).toEqual(['hook-mails-after']);
  // What was read is verified while the platform works again.
  expect(after(steps, 'verify-documents')).toEqual(['snapshot-documents']);
  expect(after(steps, 'publish')).toContain('hook-imports-after');
  const titles = steps.filter(({ action }) => action === 'runHook').map(describeStep);
  expect(titles).toEqual([
    'run hook imports (before)',
    'run hook mails (before)',
    'run hook mails (after)',
    'run hook imports (after)',
  ]);
});

test('a hook with a way back is taken back however the backup ends; one without has none', () => {
  const steps = stepsWith([hook('imports'), hook('flush', false)]);
  expect(steps.find(({ id }) => id === 'hook-imports')?.undo).toMatchObject({
    action: 'runHook',
    arguments: { hook: 'imports', when: 'after' },
  });
  expect(steps.find(({ id }) => id === 'hook-flush')?.undo).toBeUndefined();
  expect(steps.map(({ id }) => id)).not.toContain('hook-flush-after');
});

test('without hooks a plan is as ever', () => {
  expect(stepsWith([]).some(({ action }) => action === 'runHook')).toBe(false);
  expect(after(stepsWith([]), 'snapshot-documents')).toEqual(['prepare-documents']);
});
