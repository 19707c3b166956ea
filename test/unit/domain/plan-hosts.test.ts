import { outlineOf } from '../../../domain/deployment.ts';
import { mergeCaptures } from '../../../domain/deployment-hosts.ts';
import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planRebuild } from '../../../domain/plans/plan-rebuild.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { planRollback } from '../../../domain/plans/plan-rollback.ts';
import { demoCapture } from '../../demo-situation.ts';
import {
  capturedThere,
  observedThere,
  spreadObserved,
  spreadPlatform,
  spreadSituation,
} from '../../spread-situation.ts';
import { before, ids, planOf, stepOf, withAction } from './plan-queries.ts';

const hostOfStep = ({ host = 'machine' }: { host?: string }) => host;

describe('a restore of a platform on two hosts', () => {
  const plan = planRestore(spreadSituation());

  test('does to each service, on its own host, what it would do on one', () => {
    for (const { arguments: args, ...step } of [
      ...withAction(plan, 'stopService'),
      ...withAction(plan, 'startService'),
    ])
      expect([args.service, hostOfStep(step)]).toEqual([
        args.service,
        ['zookeeper', 'job-executor'].includes(args.service) ? 'other' : 'machine',
      ]);
    const onOne = planOf();
    expect(ids(plan).map((id) => id.replace('@other', ''))).toEqual(expect.arrayContaining(ids(onOne)));
    expect(ids(plan).filter((id) => id.endsWith('@other'))).toEqual([
      'fence-before-data-moves@other',
      'quarantine-demo_zk-data@other',
      'quarantine-demo_zk-log@other',
      'fence-before-indices-are-restored@other',
      'fence-before-core-starts@other',
      'confirm-health@other',
    ]);
  });

  test('moves each volume where it lies, with an image that is there', () => {
    const moved = withAction(plan, 'quarantineVolume').map((step) => [step.arguments, step.host]);
    expect(moved).toEqual([
      [{ volume: 'demo_es-data', host: 'machine', image: 'stack/elasticsearch:1' }, undefined],
      [{ volume: 'demo_zk-data', host: 'other', image: 'stack/zookeeper:1' }, 'other'],
      [{ volume: 'demo_zk-log', host: 'other', image: 'stack/zookeeper:1' }, 'other'],
    ]);
    expect(plan.volumes.map(({ name, host }) => [name, host])).toEqual([
      ['demo_es-data', undefined],
      ['demo_zk-data', 'other'],
      ['demo_zk-log', 'other'],
    ]);
    const record = stepOf(plan, 'recordDeployment', 'record-deployment');
    expect(record.arguments).toEqual({ image: 'stack/elasticsearch:1', images: { other: 'stack/zookeeper:1' } });
  });

  test('moves nothing anywhere before every host is fenced', () => {
    for (const { id } of plan.steps.filter(({ destructive }) => destructive))
      for (const fence of ['fence-before-data-moves', 'fence-before-data-moves@other'])
        expect(before(plan, fence, id)).toBe(true);
    expect(stepOf(plan, 'fence', 'fence-before-data-moves@other').arguments).toMatchObject({
      containers: ['demo_job-executor_1', 'demo_job-executor_2', 'demo_zookeeper_1'],
      networks: ['demo_back'],
    });
  });

  test('works on a store on the host that carries it', () => {
    for (const id of ['await-jobs', 'rebuild-jobs', 'verify-jobs'])
      expect(plan.steps.find((step) => step.id === id)?.host).toBe('other');
    for (const id of ['await-documents', 'restore-documents', 'verify-documents', 'repository-writable-documents'])
      expect(plan.steps.find((step) => step.id === id)?.host).toBeUndefined();
  });

  test('creates what is lost on the host that carries its services now', () => {
    const observed = { ...spreadObserved(), containers: [], volumes: [], networks: [] };
    const made = planRestore(spreadSituation({ observed }));
    expect(ids(made).filter((id) => id.startsWith('create-'))).toEqual([
      'create-network-demo_back',
      'create-volume-demo_es-data',
      'create-network-demo_back@other',
      'create-volume-demo_zk-data@other',
      'create-volume-demo_zk-log@other',
    ]);
    expect(stepOf(made, 'createVolume', 'create-volume-demo_zk-data@other').arguments.host).toBe('other');
  });

  test('names no mount of one host as one of another, though the volumes have one name', () => {
    const observed = spreadObserved();
    for (const volume of observed.volumes) volume.name = volume.name.replace('zk-data', 'es-data');
    for (const container of observed.containers) {
      container.volumes = container.volumes.map((name) => name.replace('zk-data', 'es-data'));
      for (const mount of container.mounts) mount.source = mount.source.replace('zk-data', 'es-data');
    }
    const same = planRestore(spreadSituation({ observed }));
    expect(ids(same)).toEqual(expect.arrayContaining(['quarantine-demo_es-data', 'quarantine-demo_es-data@other']));
    expect(same.mounts?.filter(({ source }) => source === 'demo_es-data')).toMatchObject([
      { service: 'elasticsearch', goes: true },
      { service: 'zookeeper', goes: true, host: 'other' },
    ]);
  });
});

test('a plan for one host names no host, whatever else the file says', () => {
  const platform = spreadPlatform();
  platform.deployment.hosts = { zookeeper: 'machine' };
  expect(JSON.stringify(planOf({ platform }).steps)).toBe(JSON.stringify(planOf().steps));
});

test('backup and rebuild go to the hosts of the stores', () => {
  const platform = spreadPlatform();
  platform.deployment.hosts = { elasticsearch: 'other' };
  const common = { platform, platformFileHash: 'f', host: 'machine' };
  const backup = planBackup({ ...common, recoveryPoint: 'p', startedAt: '2026-11-21T09:30:00Z' });
  expect(backup.steps.filter(({ host }) => host === 'other').map(({ id }) => id)).toEqual([
    'prepare-documents',
    'snapshot-documents',
    'verify-documents',
  ]);
  const rebuild = planRebuild({ ...common, platform: spreadPlatform() });
  expect(rebuild.steps.map(({ id, host }) => `${id} ${host ?? ''}`.trim())).toEqual([
    'await-documents',
    'await-jobs other',
    'rebuild-jobs other',
    'verify-jobs other',
  ]);
});

test('a rollback brings back what each host set aside', () => {
  const plan = planRollback({
    platform: spreadPlatform(),
    platformFileHash: 'f',
    observed: spreadObserved(),
    before: outlineOf(mergeCaptures(capturedThere('machine'), [capturedThere('other')])),
    quarantined: ['demo_es-data'],
    image: 'stack/elasticsearch:1',
    elsewhere: [{ host: 'other', volumes: ['demo_zk-data', 'demo_lost'], image: 'stack/zookeeper:1' }],
  });
  const of = (action: string) =>
    plan.steps.filter((step) => step.action === action).map(({ id, host }) => [id, host ?? 'machine']);
  expect(of('returnVolume')).toEqual([
    ['rollback-return-demo_es-data', 'machine'],
    ['rollback-return-demo_zk-data@other', 'other'],
    ['rollback-return-demo_lost@other', 'other'],
  ]);
  expect(of('createVolume')).toEqual([['rollback-create-volume-demo_lost@other', 'other']]);
  expect(of('confirmHealth')).toEqual([
    ['rollback-confirm-health', 'machine'],
    ['rollback-confirm-health@other', 'other'],
  ]);
  expect(plan.volumes.map(({ name, host }) => [name, host])).toEqual([
    ['demo_es-data', undefined],
    ['demo_zk-data', 'other'],
  ]);
});

test('the demo capture of one host is planned for two: each service where it lies now', () => {
  const observed = { ...observedThere('machine'), elsewhere: [{ host: 'other', engineVersion: '27', otherNames: [] }] };
  const plan = planRestore(spreadSituation({ observed, capture: demoCapture() }));
  expect(stepOf(plan, 'createVolume', 'create-volume-demo_zk-data@other').host).toBe('other');
});
