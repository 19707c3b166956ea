import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { readCapture } from '../../../operations/recovery-points/read-point.ts';
import { ifThere } from '../../../systems/docker/failures.ts';
import { awaitUsable } from '../../../systems/elasticsearch/health.ts';
import { eventually } from '../../../stack/engine.ts';
import { engine, pointId } from './platform.ts';
import {
  platform,
  usePreflight,
  docker,
  faultsOf,
  evidenceOf,
  scratchLeft,
  anonymousVolumes,
  newestIndex,
} from './preflight-scene.ts';

usePreflight();

test('dead: a scratch Elasticsearch proves the snapshot, and is gone afterwards', async () => {
  await engine.stopContainers(
    [{ name: `${platform.name}_elasticsearch_1`, restartPolicy: { name: 'no', maximumRetryCount: 0 } }],
    10,
  );
  const before = await anonymousVolumes();
  const generation = await newestIndex();
  const started = performance.now();
  const checks = await platform.look();
  console.log(`preflight with a scratch Elasticsearch: ${Math.round(performance.now() - started)} ms`);
  expect(faultsOf(checks)).toEqual([]);
  expect(evidenceOf(checks, 'repository documents')).toContain(
    'A scratch Elasticsearch of its image reads it: SUCCESS, 2 indices, 6 of 6 shards',
  );
  expect(evidenceOf(checks, 'repository type documents')).toBe('"s3" on a scratch Elasticsearch of its image');
  expect(evidenceOf(checks, 'version documents')).toBe('Its image starts 8.19.0, the snapshot is of 8.19.0');
  expect(evidenceOf(checks, 'snapshots running documents')).toContain('does not run');
  expect(evidenceOf(checks, 'writers documents')).toContain('Last written by the cluster of recent recovery points');
  expect(await scratchLeft()).toEqual([]);
  // Those of a container that another file of tests is just removing go, too; a forgotten one stays.
  await eventually('no anonymous volume is left', 20, async () => {
    const left = await anonymousVolumes();
    expect(left.filter((volume) => !before.includes(volume))).toEqual([]);
  });
  // It only read.
  expect(await newestIndex()).toBe(generation);
}, 180_000);

test('dead, without a scratch Elasticsearch: checks that need one are left out', async () => {
  const checks = await platform.look({ scratch: 'never' });
  expect(faultsOf(checks)).toEqual([]);
  expect(checks.map(({ name }) => name)).not.toContain('repository type documents');
  expect(evidenceOf(checks, 'version documents')).toBe(
    'By its labels the image holds 8.19.0, the snapshot is of 8.19.0',
  );
});

test('dead, and a wrong secret: refused, the scratch is removed', async () => {
  await platform.secret('secret', 'not-the-secret');
  try {
    const checks = await platform.look();
    const faults = faultsOf(checks);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(
      /^repository documents fail: .*SignatureDoesNotMatch.*; .*register repository s3_backup/s,
    );
    expect(JSON.stringify(checks)).not.toContain('not-the-secret');
    // The other looks through the same scratch still tell what they saw.
    expect(evidenceOf(checks, 'version documents')).toContain('8.19.0');
    expect(evidenceOf(checks, 'repository type documents')).toContain('"s3"');
  } finally {
    await platform.secret('secret', platform.s3.secretKey);
  }
  expect(await scratchLeft()).toEqual([]);
}, 180_000);

test('cancelled in the middle: nothing is left', async () => {
  const cancel = new AbortController();
  const look = platform.look({
    signal: cancel.signal,
    onProgress: ({ note }) => {
      if (note.includes('rekindle-scratch')) cancel.abort(new Error('cancelled'));
    },
  });
  await expect(look).rejects.toThrow('cancelled');
  expect(await scratchLeft()).toEqual([]);
}, 120_000);

test('what a dead worker left is removed; what a living one uses stays', async () => {
  const { pid: gone } = spawnSync('true');
  const marks = (process: string, until: number) => ({
    'rekindle.run': 'scratch',
    'rekindle.scratch': platform.name,
    'rekindle.scratch.host': hostname(),
    'rekindle.scratch.process': process,
    'rekindle.scratch.until': new Date(Date.now() + until).toISOString(),
  });
  const make = async (suffix: string, labels: Record<string, string>) => {
    const name = `rekindle-scratch-${platform.name}-${suffix}`;
    await docker.createNetwork({ Name: name, CheckDuplicate: true, Labels: labels });
    const container = await docker.createContainer({
      name,
      Image: 'rekindle-stack/node:26',
      Cmd: ['sleep', '300'],
      Labels: labels,
      HostConfig: { NetworkMode: name, Init: true },
    });
    await container.start();
    return name;
  };
  const left = await make('left', marks(`${gone} x`, 60_000));
  const old = await make('old', marks(`${process.ppid} x`, -1));
  const used = await make('used', marks(`${process.ppid} x`, 60_000));
  try {
    await platform.look({ scratch: 'never' });
    expect((await scratchLeft()).toSorted()).toEqual([`/${used}`, used]);
  } finally {
    for (const name of [left, old, used]) await engine.removeScratch(name);
  }
  expect(await scratchLeft()).toEqual([]);
}, 120_000);

test('gone: the scratch container is created from the capture', async () => {
  await docker.getContainer(`${platform.name}_elasticsearch_1`).remove({ v: false });
  const checks = await platform.look();
  expect(faultsOf(checks)).toEqual([]);
  expect(evidenceOf(checks, 'repository documents')).toContain(
    'A scratch Elasticsearch of its image reads it: SUCCESS',
  );
  expect(await scratchLeft()).toEqual([]);
  expect(await ifThere(docker.getVolume(platform.volume).inspect())).toBeDefined();
  // Created anew on its old volume, it is the cluster that it was: nobody else has joined it or written to its data.
  const capture = await readCapture(await platform.open(), pointId);
  const name = `${platform.name}_elasticsearch_1`;
  await engine.createContainers(capture, [name]);
  await engine.startContainers([{ name, restartPolicy: { name: 'no', maximumRetryCount: 0 } }]);
  await engine.awaitScratch(name, { port: 9200, timeoutSeconds: 120 });
  const client = await platform.client();
  await awaitUsable(client, { timeoutSeconds: 120 });
  expect((await client.count({ index: 'nuvla-job' })).count).toBe(300);
  await client.close();
}, 300_000);
