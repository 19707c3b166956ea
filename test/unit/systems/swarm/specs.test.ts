import { containerBody, mountsOfSpec, volumesOfSpec } from '../../../../systems/docker/swarm/container-body.ts';
import { judgeTasks } from '../../../../systems/docker/swarm/health.ts';
import { portableSpec, specFor } from '../../../../systems/docker/swarm/portable-spec.ts';
import { stoppedSpec } from '../../../../systems/docker/swarm/stopped-mark.ts';
import type { Task } from '../../../../systems/docker/swarm/tasks.ts';
import { replicated } from './specs.ts';

const networks = new Map([['network-id', 'nuvla-backend']]);

test('a captured spec names networks, secrets and configs, also of a stopped service, and has ids in another swarm', () => {
  const captured = portableSpec(stoppedSpec(replicated()) ?? replicated(), { networks });
  expect(captured.needs).toEqual({
    secrets: ['s3_access_key'],
    configs: ['settings'],
    constraints: ['node.labels.worker-db==true'],
  });
  expect(JSON.stringify(captured.spec)).not.toMatch(/id-1|id-2|network-id|rekindle/);
  const elsewhere = {
    networks: new Map([['nuvla-backend', 'n']]),
    secrets: new Map([['s3_access_key', 's']]),
    configs: new Map([['settings', 'c']]),
  };
  const { spec, missing } = specFor(captured.spec, elsewhere);
  expect(missing).toEqual([]);
  expect(spec).toMatchObject({
    TaskTemplate: {
      Networks: [{ Target: 'n', Aliases: ['es'] }],
      ContainerSpec: { Secrets: [{ SecretID: 's', File: { Mode: 292 } }], Configs: [{ ConfigID: 'c' }] },
    },
    Mode: { Replicated: { Replicas: 3 } },
  });
});

test('all that a swarm lacks is named at once', () => {
  const { spec } = portableSpec(replicated(), { networks });
  const nothing = new Map<string, string>();
  expect(specFor(spec, { networks: nothing, secrets: nothing, configs: nothing }).missing).toEqual([
    'network nuvla-backend',
    'secret s3_access_key',
    'config settings',
  ]);
});

test('what a container of a task is made from, without what Swarm makes anew', () => {
  expect(mountsOfSpec(replicated())).toEqual([
    { type: 'volume', source: 'db_esdata', destination: '/data', readOnly: false },
    { type: 'tmpfs', source: '', destination: '/tmp', readOnly: false },
  ]);
  expect(volumesOfSpec(replicated())).toEqual(['db_esdata']);
  expect(containerBody(replicated())).toMatchObject({
    Env: ['A=b'],
    Entrypoint: ['entry'],
    Cmd: ['server'],
    HostConfig: { ExtraHosts: ['store:10.0.0.9', 'bucket:10.0.0.9'] },
  });
});

const task = (ID: string, State: string, DesiredState = 'running', Err?: string): Task => ({
  ID,
  CreatedAt: '2026-01-01T00:00:00Z',
  ServiceID: 's',
  DesiredState,
  Status: { Timestamp: '2026-01-01T00:00:00Z', State, ...(Err && { Err }) },
});

test.each<[string, Task[], boolean]>([
  ['all run', [task('a', 'running'), task('b', 'running'), task('c', 'running')], true],
  ['one is missing', [task('a', 'running'), task('b', 'running')], false],
  ['one starts', [task('a', 'running'), task('b', 'running'), task('c', 'starting')], false],
  [
    'one more is being replaced',
    [...['a', 'b', 'c'].map((id) => task(id, 'running')), task('d', 'preparing', 'ready')],
    false,
  ],
  ['old ones have ended', [...['a', 'b', 'c'].map((id) => task(id, 'running')), task('d', 'failed', 'shutdown')], true],
])('a service of three is complete: %s: %#', (_, tasks, complete) => {
  expect(judgeTasks({ Spec: replicated() }, tasks).complete).toBe(complete);
});

test('why a task does not run is in the swarm’s own words', () => {
  const why = 'no suitable node (scheduling constraints not satisfied on 1 node)';
  expect(judgeTasks({ Spec: replicated() }, [task('a', 'pending', 'running', why)])).toMatchObject({ running: 0, why });
});
