import {
  isMarked,
  isStopped,
  neverMet,
  replicasOf,
  runningSpec,
  stoppedSpec,
} from '../../../../systems/docker/swarm/stopped-mark.ts';
import { global, replicated } from './specs.ts';

test.each([
  ['a replicated service', replicated()],
  ['a global one', global()],
])('%s stops, is known as stopped by us, stops once only, and is then what it was', (_, spec) => {
  const stopped = stoppedSpec(spec);
  if (stopped === undefined) throw new Error('it was not stopped');
  expect([isStopped(spec), isStopped(stopped), isMarked(stopped)]).toEqual([false, true, true]);
  expect(stoppedSpec(stopped)).toBeUndefined();
  expect(replicasOf(stopped)).toBe(replicasOf(spec));
  expect(runningSpec(stopped)).toEqual(spec);
});

test('a global service loses no placement of its own', () => {
  const spec = global();
  spec.TaskTemplate.Placement = { Constraints: ['node.role==worker'], Preferences: [] };
  expect(stoppedSpec(spec)?.TaskTemplate.Placement?.Constraints).toEqual(['node.role==worker', neverMet]);
  expect(runningSpec(stoppedSpec(spec) ?? spec)).toEqual(spec);
});

test('one that a person scaled to zero gets the replicas that the plan knows', () => {
  const spec = { ...replicated(), Mode: { Replicated: { Replicas: 0 } } };
  expect(replicasOf(spec)).toBe(0);
  expect(runningSpec(spec, 3).Mode).toEqual({ Replicated: { Replicas: 3 } });
  expect(runningSpec(stoppedSpec(spec) ?? spec, 3).Mode).toEqual({ Replicated: { Replicas: 3 } });
});

test('one that somebody started meanwhile keeps its scale and loses the label only', () => {
  const stopped = stoppedSpec(replicated());
  if (stopped === undefined) throw new Error('it was not stopped');
  const started = { ...stopped, Mode: { Replicated: { Replicas: 7 } } };
  expect(runningSpec(started, 3)).toEqual({ ...replicated(), Mode: { Replicated: { Replicas: 7 } } });
});
