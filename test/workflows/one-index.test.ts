import { createHash } from 'node:crypto';
import { passed } from '../../domain/checks.ts';
import { planCopy } from '../../domain/copies/plan-copy.ts';
import { canonicalJson, type Plan } from '../../domain/plans/plan.ts';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { decide } from '../../workflows/messages.ts';
import { living } from '../unit/domain/copies/living.ts';
import { refusal } from './fake-platform.ts';
import { failureOf, inPhase, test } from './scene.ts';

// One index into a living platform: `restore --indices`, which is a copy of the platform into itself.

/** `there`: it is swapped in; without, it was deleted. */
function planOf(platform: string, there: boolean): Plan {
  const situation = living(there ? {} : { there: [] });
  const plan = planCopy({
    ...situation,
    platform: { ...situation.platform, platform },
    from: { ...situation.from, platform },
  });
  return { ...plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}

const prepared = (there: boolean) => ({
  prepareCopy: ({ platform }: { platform: string }) =>
    Promise.resolve({ plan: planOf(platform, there), checks: [passed('version', 'fits')] }),
});

test('its users stand still around the swap, the queue is rebuilt, and they are back', async ({ openScene }) => {
  const { start, journal, platform } = await openScene({ overrides: prepared(true) });
  const report = (await (await start('copy', { from: platform, stopUsers: true })).result()) as RunProgress;
  expect(report).toMatchObject({ kind: 'copy', verdict: 'pass' });
  const order = ['verifyCopied documents', 'stopService worker', 'stopService api', 'swapAliases documents'];
  const then = ['rebuildQueue jobs', 'verifyQueue jobs', 'startService api', 'startService worker'];
  const seen = journal.ended.filter((what) => [...order, ...then].includes(what));
  expect(seen).toEqual([...order, ...then]);
});

test('a proof that fails: what was restored is deleted, and the services run again', async ({ openScene }) => {
  const { start, journal, platform } = await openScene({
    overrides: prepared(false),
    onStep(what) {
      if (what === 'verifyCopied documents') throw refusal('VerificationFailed');
      return undefined;
    },
  });
  const handle = await start('copy', { from: platform, stopUsers: true });
  expect(await failureOf(handle)).toMatchObject({ type: 'VerificationFailed' });
  expect(journal.ended).toEqual(expect.arrayContaining(['stopService worker', 'stopService api']));
  const undone = ['discardCopied documents', 'startService api', 'startService worker'];
  expect(journal.ended.filter((what) => undone.includes(what))).toEqual(undone);
});

test('a service that does not come back after the swap is asked about; nothing is undone under it', async ({
  openScene,
}) => {
  let faults = 1;
  const { start, journal, platform } = await openScene({
    overrides: prepared(true),
    onStep(what) {
      if (what === 'startService api' && faults-- > 0) throw refusal('ImageMissing');
      return undefined;
    },
  });
  const handle = await start('copy', { from: platform, stopUsers: true });
  const { pendingDecisions } = await inPhase(handle, 'waiting for decision');
  expect(pendingDecisions).toMatchObject([{ step: 'start-api' }]);
  await handle.executeUpdate(decide, { args: [{ step: 'start-api', choice: 'retry', by: 'ann' }] });
  expect(await handle.result()).toMatchObject({ verdict: 'pass' });
  expect(journal.ended).not.toContain('discardCopied documents');
});
