// cspell:ignore abcdefghijklmnz
import { approve } from '../../workflows/messages.ts';
import { test } from './fleet-scene.ts';
import { gate } from './scene.ts';

// A fleet that is too long for one history goes on in another execution: with a small limit, already this one.

test('goes on in further executions, and follows what earlier ones began', async ({ openFleet }) => {
  const opened = gate();
  const scene = await openFleet({
    bytes: { a: 1, z: 5000 },
    async onRestore(letter) {
      if (letter === 'a') await opened.passed;
      // The last one of all: by now `a` belongs to an execution that is over.
      if (letter === 'z') opened.open();
    },
  });
  const fleet = await scene.startFleet('abcdefghijklmnz', { limits: { overall: 4 }, mostEvents: 60, waveSize: 20 });
  await fleet.handle.result();
  const { members, phase } = await fleet.progress();
  expect(phase).toBe('passed');
  expect(members.every(({ state }) => state === 'passed')).toBe(true);
  expect(scene.worked.order.toSorted().join('')).toBe('abcdefghijklmnz');
  const { raw, historyLength } = await fleet.handle.describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  expect(historyLength).toBeLessThan(150);
});

test('also while plans are made; an approval counts in the executions after it', async ({ openFleet }) => {
  const scene = await openFleet({ policy: { approval: 'required' } });
  const fleet = await scene.startFleet('abcdefgh', { approval: 'wave', mostEvents: 30, limits: { overall: 3 } });
  const { waveHash = '' } = await fleet.until(({ phase }) => phase === 'waiting for approval');
  const { raw } = await fleet.handle.describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  await fleet.handle.executeUpdate(approve, { args: [{ planHash: waveHash, by: 'ann' }] });
  await fleet.handle.result();
  expect(scene.worked.order).toHaveLength(8);
  expect((await fleet.progress()).words).toMatchObject([{ word: 'approved', by: 'ann' }]);
});
