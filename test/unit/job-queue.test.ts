import { expect, test } from 'vitest';
import { belongsInQueue, jobPriority, recordedPriority, type JobDocument } from '../../domain/job-queue.ts';

const job = (changes: Partial<JobDocument> = {}): JobDocument => ({ id: 'job/1', state: 'QUEUED', ...changes });

test.each<[string, Partial<JobDocument>, boolean]>([
  ['queued', {}, true],
  ['running, executed again by design', { state: 'RUNNING' }, true],
  ['ended', { state: 'SUCCESS' }, false],
  ['pulled by an agent', { executionMode: 'pull' }, false],
  ['pushed', { executionMode: 'push' }, true],
  ['a running bulk parent', { state: 'RUNNING', tags: ['monitor'] }, false],
  ['a running bulk parent, one tag as text', { state: 'RUNNING', tags: 'monitor' }, false],
  ['a queued job with that tag', { tags: ['monitor'] }, true],
])('%s', (_name, changes, expected) => {
  expect(belongsInQueue(job(changes))).toBe(expected);
});

test.each<[string, Partial<JobDocument>, number | undefined]>([
  ['the field', { priority: 7, tags: ['/job/entries/entry-999-0000001234'] }, 7],
  ['the field as text', { priority: '050' }, 50],
  ['zero is a priority', { priority: 0 }, 0],
  ['the original path among the tags', { tags: ['x', '/job/entries/entry-090-0000001234'] }, 90],
  ['a field out of range', { priority: 1_000 }, undefined],
  ['an empty field', { priority: '' }, undefined],
  ['nothing', {}, undefined],
  ['tags that only look like it', { tags: ['entry-090-1', '/job/entries/entry-90-1', 5, null] }, undefined],
])('priority from %s', (_name, changes, expected) => {
  expect(recordedPriority(job(changes))).toBe(expected);
  expect(jobPriority(job(changes), 100)).toBe(expected ?? 100);
});
