/** What the queue needs to know of a job document. */
export interface JobDocument {
  id: string;
  state: string;
  created?: string;
  priority?: unknown;
  tags?: unknown;
  executionMode?: unknown;
}

/** One job as it must stand in the queue. */
export interface QueuedJob {
  id: string;
  /** 0–999, lower first; absent when the document names none. */
  priority?: number;
  state: string;
  created: string;
}

/**
 * Whether a job must stand in the queue: QUEUED and RUNNING ones, which are executed again by design. Not those that
 * an agent pulls, and not the running parents of bulk jobs (tag `monitor`), whose action would run twice.
 */
export function belongsInQueue(job: JobDocument): boolean {
  if (job.state !== 'QUEUED' && job.state !== 'RUNNING') return false;
  if (job.executionMode === 'pull') return false;
  return !(job.state === 'RUNNING' && tagsOf(job).includes('monitor'));
}

/**
 * The priority that the document names. The API drops the field on every edit; the true one then stands in the tags,
 * which hold the original queue path: `/job/entries/entry-999-0000001234`.
 */
export function recordedPriority(job: JobDocument): number | undefined {
  const own = typeof job.priority === 'string' && job.priority !== '' ? Number(job.priority) : job.priority;
  if (isPriority(own)) return own;
  for (const tag of tagsOf(job)) {
    const match = /\/entries\/entry-(\d{3})-\d+$/.exec(tag);
    if (match) return Number(match[1]);
  }
  return undefined;
}

export function jobPriority(job: JobDocument, defaultPriority: number): number {
  return recordedPriority(job) ?? defaultPriority;
}

function isPriority(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 999;
}

function tagsOf({ tags }: JobDocument): string[] {
  const list: unknown[] = Array.isArray(tags) ? tags : [tags];
  return list.filter((tag): tag is string => typeof tag === 'string');
}
