import { planBackup } from '../../../domain/plans/plan-backup.ts';
import { planRestore } from '../../../domain/plans/plan-restore.ts';
import { placesOfDemo, swarmSituation } from '../../swarm-situation.ts';
import { before, ids, stepOf, withAction } from './plan-queries.ts';

// A swarm whose ZooKeeper lies on the node "other"; everything else is on the manager's, "machine".

describe('a restore of a platform on two nodes of a swarm', () => {
  const plan = planRestore(swarmSituation());

  test('says where data lies, so that whoever carries it out knows', () => {
    expect(plan.places).toEqual(placesOfDemo);
    expect(plan.volumes.map(({ name, host }) => [name, host])).toEqual([
      ['demo_es-data', undefined],
      ['demo_zk-data', 'other'],
      ['demo_zk-log', 'other'],
    ]);
  });

  test('stops and starts each service on the manager, whatever node it runs on', () => {
    const services = [...withAction(plan, 'stopService'), ...withAction(plan, 'startService')];
    expect(services.length).toBeGreaterThan(6);
    expect(services.filter(({ host }) => host !== undefined)).toEqual([]);
    expect(withAction(plan, 'confirmHealth').map(({ host }) => host)).toEqual([undefined]);
    expect(withAction(plan, 'createNetwork').filter(({ host }) => host !== undefined)).toEqual([]);
  });

  test('moves each volume on its node, with an image that is there', () => {
    expect(withAction(plan, 'quarantineVolume').map((step) => [step.arguments.volume, step.host])).toEqual([
      ['demo_es-data', undefined],
      ['demo_zk-data', 'other'],
      ['demo_zk-log', 'other'],
    ]);
    expect(stepOf(plan, 'recordDeployment', 'record-deployment').arguments).toEqual({
      image: 'stack/elasticsearch:1',
      images: { other: 'stack/zookeeper:1' },
    });
  });

  test('works on a store where its server runs', () => {
    const onNode = plan.steps.filter(({ host }) => host === 'other').map(({ action }) => action);
    expect(onNode).toEqual(expect.arrayContaining(['awaitStore', 'rebuildQueue', 'verifyQueue']));
    expect(withAction(plan, 'restoreIndices').map(({ host }) => host)).toEqual([undefined]);
  });

  test('keeps all services out on the manager, and plain containers on the node', () => {
    const [main, node] = withAction(plan, 'fence').filter(({ arguments: { before } }) => before === 'data moves');
    expect(main?.host).toBeUndefined();
    expect(main?.arguments.containers).toEqual(
      expect.arrayContaining(['service:demo_elasticsearch', 'service:demo_zookeeper', 'service:demo_api']),
    );
    expect([node?.host, node?.arguments.containers, node?.arguments.node]).toEqual(['other', [], true]);
    for (const { id } of plan.steps.filter(({ destructive }) => destructive))
      for (const fence of [main, node]) expect(before(plan, fence?.id ?? '', id)).toBe(true);
  });
});

test('what is removed at once frees its volumes of ended tasks, on the node, too', () => {
  const plan = planRestore(swarmSituation({ volumes: 'remove' }));
  const [onManager, onNode] = withAction(plan, 'removeContainers').filter(
    ({ arguments: { service } }) => service === 'zookeeper',
  );
  expect([onManager?.host, onNode?.host]).toEqual([undefined, 'other']);
  expect(onNode?.after).toEqual([onManager?.id]);
  expect(withAction(plan, 'removeVolume').map((step) => [step.arguments.volume, step.host])).toContainEqual([
    'demo_zk-data',
    'other',
  ]);
  expect(before(plan, onNode?.id ?? '', 'remove-demo_zk-data@other')).toBe(true);
});

test('volumes that are gone are created on the node where the service may run now', () => {
  const situation = swarmSituation();
  situation.observed.volumes = situation.observed.volumes.filter(({ host }) => host !== 'other');
  const created = withAction(planRestore(situation), 'createVolume').map((step) => [step.arguments, step.host]);
  expect(created).toEqual([
    [expect.objectContaining({ volume: 'demo_zk-data', host: 'other' }), 'other'],
    [expect.objectContaining({ volume: 'demo_zk-log', host: 'other' }), 'other'],
  ]);
});

test('after the loss of a node its volumes are created on the one that has its label now', () => {
  const lost = swarmSituation();
  lost.observed.volumes = lost.observed.volumes.filter(({ host }) => host !== 'other');
  lost.capture.containers = lost.capture.containers.map((one) =>
    one.host === 'other' ? { ...one, host: 'lost' } : one,
  );
  lost.capture.volumes = lost.capture.volumes.map((one) => (one.host === 'other' ? { ...one, host: 'lost' } : one));
  const plan = planRestore(lost);
  expect(ids(plan)).toEqual(expect.arrayContaining(['create-volume-demo_zk-data@other']));
  expect(ids(plan).filter((id) => id.endsWith('@lost'))).toEqual([]);
});

test('a backup works on each store where its server runs, and captures from the manager', () => {
  const { platform, platformFileHash } = swarmSituation();
  const plan = planBackup({
    platform,
    platformFileHash,
    host: 'machine',
    recoveryPoint: '20261121t093000z',
    startedAt: '2026-11-21T09:30:00Z',
  });
  expect(plan.places).toEqual(placesOfDemo);
  expect(stepOf(plan, 'captureDeployment', 'capture-deployment').host).toBeUndefined();
});
