import type { QueuePreview } from '../../domain/queue/preview.ts';
import { table } from './table.ts';

const shown = 3;

/** What a rebuild of the queue would find and do, with counts. */
export function renderQueuePreview(preview: QueuePreview): string {
  const { store, source } = preview;
  if ('unseen' in preview) return `Queue ${store}: ${source} cannot be read now: ${preview.unseen}`;
  const { jobs, states, priorities, leftOut, runningAgain, repeated, queue } = preview;
  const rows = [
    ['documents', counts(states)],
    ['left out', counts(leftOut)],
    ['by priority', counts(priorities)],
    ['run again', runningAgain === 0 ? 'none' : `${runningAgain} ran at the time of the backup`],
    ...(repeated === 0 ? [] : [['twice', `${repeated} documents name a job that another one names already`]]),
    ['queue', ...inQueue(queue, jobs)],
  ];
  return [`Queue ${store}: ${jobs} jobs of ${source}`, ...table(rows, { indent: '  ' })].join('\n');
}

function inQueue(queue: Extract<QueuePreview, { jobs: number }>['queue'], jobs: number): string[] {
  if ('unseen' in queue) return [`cannot be read now: ${queue.unseen}`];
  const { path, entries, missing, extra, duplicates, taken } = queue;
  const named = (of: typeof extra) =>
    of.length === 0
      ? ''
      : ` (${of
          .slice(0, shown)
          .map(({ value }) => value)
          .join(', ')}${of.length > shown ? ', …' : ''})`;
  return [
    [
      `${entries} entries in ${path}: ${jobs - missing} of these jobs, ${missing} would be written`,
      `${extra.length} stand for no such job${named(extra)}`,
      `${duplicates.length} stand there twice${named(duplicates)}`,
      `${taken} are held by consumers`,
    ].join('; '),
  ];
}

/** `QUEUED 700, RUNNING 60`: the largest first. */
function counts(of: Record<string, number>): string {
  const words = Object.entries(of)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`);
  return words.join(', ') || 'none';
}
