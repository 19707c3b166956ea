import { checkNodeCount } from '../../../operations/preflight/nodes.ts';
import type { StoreSeen } from '../../../operations/preflight/observe-store.ts';
import { checkCreatedVersions, checkVersion, versionOf } from '../../../operations/preflight/version.ts';
import { elasticsearchVersionOf } from '../../../systems/docker/image-version.ts';
import { elasticsearchSeen, expectedSet, own, storeSeen } from './preflight-seen.ts';

// Which Elasticsearch will run: its version, and how many nodes.

const elasticsearch = (change: Parameters<typeof elasticsearchSeen>[0]) => ({
  elasticsearch: { seen: elasticsearchSeen(change) },
});
const faultOf = (seen: StoreSeen) => {
  const { name, verdict, evidence } = checkVersion(seen);
  return verdict === 'pass' ? [] : [`${name} ${verdict}: ${evidence}`];
};

test.each([
  ['8.18.9', /it is older/],
  ['7.17.0', /it is older/],
  ['10.0.0', /more than one major version/],
])('version: %s for a snapshot of 8.19.0', (version, says) => {
  const identity = { clusterUuid: own, version, nodes: [] };
  expect(faultOf(storeSeen(elasticsearch({ identity })))).toEqual([expect.stringMatching(says)]);
});

test('version: an older patch is refused, since past the stop it would be too late', () => {
  const identity = { clusterUuid: own, version: '8.19.0', nodes: [] };
  const expected = { ...expectedSet(), elasticsearchVersion: '8.19.3' };
  expect(faultOf(storeSeen({ ...elasticsearch({ identity }), expected }))).toEqual([
    expect.stringMatching(/it is older/),
  ]);
});

test('version: what a server said is kept; what was accepted before the stop is not refused after it', () => {
  const dead = { elasticsearch: { unseen: 'dead', omitted: true as const }, living: { answers: false, runs: false } };
  const stamped = { ...dead, imageVersion: { seen: '1.4.2' } };
  expect(faultOf(storeSeen(stamped))).toEqual([expect.stringMatching(/^version documents fail/)]);
  expect(faultOf(storeSeen({ ...stamped, versionBefore: '8.19.0' }))).toEqual([]);
  expect(faultOf(storeSeen({ ...dead, imageVersion: { seen: undefined }, versionBefore: '8.19.0' }))).toEqual([]);
  // Nothing is left: the image is that of the cluster that took the snapshot and said its version then.
  expect(checkVersion(storeSeen({ ...stamped, createdFromPoint: true }))).toMatchObject({
    verdict: 'pass',
    evidence: 'At the backup its image started 8.19.0, the snapshot is of 8.19.0',
  });
  expect(versionOf(storeSeen({ versionBefore: '8.2.0' }))?.version).toBe('8.19.0');
});

const official = {
  'org.label-schema.name': 'Elasticsearch',
  'org.label-schema.version': '8.19.0',
  'org.opencontainers.image.title': 'Elasticsearch',
  'org.opencontainers.image.version': '8.19.0',
};
test.each<[string, Record<string, string>, string | undefined]>([
  ['docker.elastic.co/elasticsearch/elasticsearch:8.19.0', official, '8.19.0'],
  ['odd-es:one', official, '8.19.0'],
  ['odd-es:1.4.2', official, '8.19.0'],
  ['registry:5000/elasticsearch:8.19.0', {}, '8.19.0'],
  ['odd-es:8.19.0', {}, undefined],
  ['odd-es:one', { 'org.opencontainers.image.version': '1.4.2' }, undefined],
  ['odd-es:one', { ...official, 'org.opencontainers.image.version': '1.4.2' }, undefined],
  ['corp/elasticsearch:1.4.2', { ...official, 'org.opencontainers.image.version': '1.4.2' }, undefined],
])('version: what the image %s says with the labels %o', (reference, labels, version) => {
  expect(elasticsearchVersionOf(reference, labels)).toBe(version);
});

test('created versions: what the next major cannot open is found before anything is touched; older points do not tell', () => {
  const look = (version: string, createdWith?: number) => {
    const [first, ...others] = expectedSet().indices.map((index) => ({ ...index, createdWith: 8 }));
    const indices = [{ ...first, createdWith }, ...others];
    const identity = { clusterUuid: own, version, nodes: [] };
    return checkCreatedVersions(
      storeSeen({ ...elasticsearch({ identity }), expected: { ...expectedSet(), indices } as never }),
    );
  };
  expect(look('9.2.0', 7)).toMatchObject({
    name: 'created versions documents',
    verdict: 'fail',
    evidence: '1 indices were created before 8.0, which 9.x cannot open: nuvla-job (7.x)',
    remedy: expect.stringContaining('use an image of Elasticsearch 8.x') as string,
  });
  expect(look('8.19.0', 7)).toMatchObject({ verdict: 'pass', evidence: 'Created with 7.x or later' });
  expect(look('9.2.0', 8)).toMatchObject({ verdict: 'pass' });
  expect(look('9.2.0')).toBeUndefined();
});

test('nodes: as many as at the backup, unless the scale has changed; all of them are named', () => {
  const look = (nodes: StoreSeen['nodes'], change: Parameters<typeof elasticsearchSeen>[0] = {}) =>
    checkNodeCount(storeSeen({ nodes, ...elasticsearch(change) }));
  expect(look({ containers: 3, captured: 3, atBackup: 3, awaited: 3 })).toMatchObject({
    verdict: 'pass',
    evidence: '3 will be awaited; at the backup there were 3 nodes',
  });
  expect(look({ containers: 2, captured: 3, atBackup: 3, awaited: 2 })).toMatchObject({
    verdict: 'pass',
    warning: true,
  });
  expect(look({ containers: 1, captured: 1, atBackup: 3, awaited: 3 })).toMatchObject({
    warning: true,
    evidence: expect.stringContaining('the cluster had 3 nodes, and elasticsearch has 1 containers') as string,
    remedy: expect.stringContaining('"service" of the store documents') as string,
  });
  const nodes = ['n1', 'n2'].map((name) => ({ name, version: '8.19.0' }));
  const identity = { clusterUuid: own, version: '8.19.0', nodes };
  expect(look({ containers: 1, captured: 1, atBackup: undefined, awaited: 1 }, { identity })).toMatchObject({
    warning: true,
  });
});

test('version: by the image when Elasticsearch is dead; unknown is not a pass', () => {
  const dead = { elasticsearch: { unseen: 'dead', omitted: true as const }, living: { answers: false, runs: false } };
  expect(faultOf(storeSeen({ ...dead, imageVersion: { seen: '9.1.0' } }))).toEqual([]);
  expect(faultOf(storeSeen({ ...dead, imageVersion: { seen: '8.2.0' } }))).toEqual([
    expect.stringMatching(/^version.*fail/),
  ]);
  expect(faultOf(storeSeen({ ...dead, imageVersion: { seen: undefined } }))).toEqual([
    expect.stringMatching(/^version documents inconclusive/),
  ]);
});
