import { etcdChecks, etcdRestoreChecks } from '../../../../domain/etcd/compatibility.ts';
import type { EtcdCluster, EtcdExpectedSet } from '../../../../domain/etcd/expected.ts';

const one = { name: 'etcd-1', serverVersion: '3.5.21', dataInVolume: true, inSwarm: false };
const cluster: EtcdCluster = { asked: [one], members: 1, learners: 0, alarms: [] };
const expected: EtcdExpectedSet = {
  version: 1,
  store: 'coordination',
  serverVersion: '3.5.9',
  revision: 7,
  compactRevision: -1,
  keys: 3,
  users: [],
  roles: [],
  members: 1,
};
const running = (serverVersion: string): EtcdCluster => ({ ...cluster, asked: [{ ...one, serverVersion }] });
const worst = (checks: ReturnType<typeof etcdChecks>) =>
  checks
    .filter(({ verdict, warning }) => verdict !== 'pass' || warning)
    .map(({ name, verdict }) => `${name}: ${verdict}`);

test.each([
  ['3.5.0', []],
  ['3.4.37', ['etcd coordination version: fail']],
  ['3.6.1', ['etcd coordination version: pass']],
  ['3.7.0', ['etcd coordination version: fail']],
  ['4.0.0', ['etcd coordination version: fail']],
])('a point of etcd 3.5.9 on %s', (version, doubts) => {
  expect(worst(etcdRestoreChecks(expected, running(version)))).toEqual(doubts);
});

test('what hinders a restore is a warning when a backup is taken, and refuses the restore', () => {
  const bad: EtcdCluster = {
    asked: [{ ...one, dataInVolume: false, inSwarm: true }],
    members: 3,
    learners: 1,
    alarms: ['NOSPACE'],
  };
  expect(worst(etcdChecks('coordination', bad))).toEqual([
    'etcd coordination members: pass',
    'etcd coordination alarms: pass',
    'etcd coordination place: pass',
  ]);
  expect(worst(etcdRestoreChecks(expected, bad))).toEqual([
    'etcd coordination members: fail',
    'etcd coordination place: fail',
  ]);
});

test('an old server and a damaged one are refused', () => {
  expect(worst(etcdChecks('coordination', running('3.3.27')))).toEqual(['etcd coordination: fail']);
  expect(worst(etcdChecks('coordination', { ...cluster, alarms: ['CORRUPT'] }))).toEqual([
    'etcd coordination alarms: fail',
  ]);
});
