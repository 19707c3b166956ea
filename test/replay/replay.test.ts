import { readFile } from 'node:fs/promises';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { installRuntime } from '../../worker/runtime.ts';
import { listHistories, readHistory } from './histories.ts';
import { provided } from '../provided.ts';

// Runs that are under way when Rekindle is updated go on with the new code: it must take their histories as they are. Those of
// each release are replayed for ever, since nobody knows how old the runs are that a worker meets.

const histories = await listHistories();
const workflowBundle = { codePath: provided('workflowBundle') };

test('every kind of workflow has a history', () => {
  const kinds = [
    'restore',
    'backup',
    'rebuild',
    'exclusive',
    'quarantine',
    'prune',
    'freshness',
    'readiness',
    'check',
    'incident',
    'scrub',
    'drill',
    'fleet',
    'copy',
    'ask-host',
    'restore-hosts',
  ];
  for (const kind of kinds) expect(histories.some((file) => file.startsWith(`next/${kind}`))).toBe(true);
});

test('every release of the changelog has kept its histories', async () => {
  const changelog = await readFile(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  const releases = [...changelog.matchAll(/^## \[(\d[^\]]*)\]/gm)].map(([, version]) => version ?? '');
  const kept = new Set(histories.map((file) => file.split('/')[0]));
  expect(releases.filter((version) => !kept.has(version))).toEqual([]);
  expect([...kept].filter((folder) => folder !== 'next' && !releases.includes(folder ?? ''))).toEqual([]);
});

test.each(histories)('%s goes on with the workflows of today', async (file) => {
  installRuntime('silent');
  const history = await readHistory(file);
  await Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(history));
});

/** Workflows make the ids of their children from their own. */
function workflowIdOf(history: unknown): string {
  const { events } = history as {
    events: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[];
  };
  const id = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (id === undefined) throw new Error('the history does not name its workflow');
  return id;
}

test('a history that does not fit is noticed', async () => {
  installRuntime('silent');
  const text = JSON.stringify(await readHistory('next/rebuild-pass.json')).replaceAll('verifyQueue', 'rebuildQueue');
  await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(text))).rejects.toThrow(
    DeterminismViolationError,
  );
});

test('a history holds names and no address or secret', async () => {
  for (const file of histories) {
    const text = await readFile(new URL(`histories/${file}`, import.meta.url), 'utf8');
    const payloads = [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    );
    expect(payloads.length).toBeGreaterThan(0);
    for (const payload of payloads) expect(payload).not.toMatch(/https?:\/\/|secretKey|password|BEGIN|AGE-SECRET/i);
  }
});
