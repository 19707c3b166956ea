import { documentsOf, incompressible, jobsOf } from '../../stack/seed-content.ts';

test('the same seed gives the same content, another seed another', () => {
  expect([...documentsOf('event', 50, 'one')]).toEqual([...documentsOf('event', 50, 'one')]);
  expect([...documentsOf('event', 50, 'one')]).not.toEqual([...documentsOf('event', 50, 'two')]);
  expect(jobsOf(500, 'one')).toEqual(jobsOf(500, 'one'));
  expect([...incompressible(200_000, 'one')]).toEqual([...incompressible(200_000, 'one')]);
});

test('jobs come in every state and mode, and exactly the eligible ones wait in the queue', () => {
  const jobs = jobsOf(2_000, 'rekindle');
  const states = new Set(jobs.map(({ document }) => document.state));
  expect(states).toEqual(new Set(['QUEUED', 'RUNNING', 'SUCCESS', 'FAILED', 'STOPPED', 'CANCELED']));
  expect(new Set(jobs.map(({ document }) => document['execution-mode']))).toEqual(new Set(['push', 'pull', 'mixed']));
  for (const { document, entry } of jobs) {
    const waits = document.state === 'QUEUED' || document.state === 'RUNNING';
    const monitored = (document.tags as string[] | undefined)?.includes('monitor') ?? false;
    expect(entry?.live ?? false).toBe(waits && document['execution-mode'] !== 'pull' && !monitored);
  }
  const priorities = new Set(jobs.map(({ entry }) => entry?.path.slice(19, 22)));
  expect(priorities.size).toBeGreaterThan(50);
});

test('entries were numbered one by one, as the parent counted them', () => {
  const numbers = jobsOf(2_000, 'rekindle').flatMap(({ entry }) => (entry ? [Number(entry.path.slice(-10))] : []));
  expect(numbers).toEqual(numbers.map((_, index) => index));
});

test('incompressible text reaches the size that was asked for', () => {
  const payloads = [...incompressible(1_000_000, 'x')].map(({ payload }) => payload as string);
  const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  expect(bytes).toBeGreaterThanOrEqual(1_000_000);
  expect(bytes).toBeLessThan(1_100_000);
});
