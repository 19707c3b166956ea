import { failed, passed, warned, type Check } from '../checks.ts';
import { listed } from '../listed.ts';
import type { EtcdCluster, EtcdExpectedSet } from './expected.ts';

/** The first whose `etcdctl` speaks the third API by itself. */
const oldest = [3, 4] as const;

/** Whether a backup can be taken of this cluster; and, as warnings, what would hinder its restore. */
export function etcdChecks(store: string, cluster: EtcdCluster): Check[] {
  return [
    versionCheck(store, cluster),
    membersCheck(store, cluster, warned),
    alarmCheck(store, cluster),
    placeCheck(store, cluster, warned),
  ];
}

/** Whether this cluster can take what a recovery point holds; before anything is touched. */
export function etcdRestoreChecks(expected: EtcdExpectedSet, cluster: EtcdCluster): Check[] {
  const { store } = expected;
  return [
    upgradeCheck(expected, cluster),
    membersCheck(store, cluster, failed),
    placeCheck(store, cluster, failed),
    ...[versionCheck(store, cluster)].filter(({ verdict }) => verdict !== 'pass'),
  ];
}

function versionCheck(store: string, { asked }: EtcdCluster): Check {
  const versions = [...new Set(asked.map(({ serverVersion }) => serverVersion))];
  const old = versions.find((version) => compareMinor(minorOf(version), oldest) < 0);
  if (old !== undefined)
    return failed(`etcd ${store}`, `Version ${old} runs`, `Upgrade it to ${oldest.join('.')} or newer`);
  return passed(`etcd ${store}`, `Version ${listed(versions)} runs`);
}

/** `hinder`: what becomes of it when a restore could not be carried out. */
function membersCheck(store: string, { asked, members, learners }: EtcdCluster, hinder: typeof failed): Check {
  const name = `etcd ${store} members`;
  if (learners > 0)
    return hinder(
      name,
      `${learners} of ${members} members are learners, which a restore would make voters`,
      'Promote them (etcdctl member promote), or remove them',
    );
  if (members === asked.length) return passed(name, `All ${members} members have a container here`);
  return hinder(
    name,
    `The cluster has ${members} members; the services of the store have ${asked.length} containers here`,
    `Name the services of all members, which must be on this host, under "service" of the store "${store}" in the platform file`,
  );
}

function alarmCheck(store: string, { alarms }: EtcdCluster): Check {
  const name = `etcd ${store} alarms`;
  if (alarms.length === 0) return passed(name, 'No alarm is raised');
  const evidence = `Raised: ${listed(alarms)}`;
  if (alarms.includes('CORRUPT'))
    return failed(name, evidence, 'Find the damaged member (etcdctl endpoint hashkv --cluster) and replace it');
  return warned(name, evidence, 'Compact and defragment, then disarm the alarm (etcdctl alarm disarm)');
}

/** What the way of a restore needs: data in a volume, and a container that stays stopped. */
function placeCheck(store: string, { asked }: EtcdCluster, hinder: typeof failed): Check {
  const name = `etcd ${store} place`;
  const swarm = asked.filter(({ inSwarm }) => inSwarm).map((one) => one.name);
  if (swarm.length > 0)
    return hinder(
      name,
      `${listed(swarm)}: of a Swarm service, which starts another container when this one is stopped`,
      'Run etcd with Docker Compose, or restore it by hand (docs/etcd.md)',
    );
  const inside = asked.filter(({ dataInVolume }) => !dataInVolume).map((one) => one.name);
  if (inside.length > 0)
    return hinder(
      name,
      `The data of ${listed(inside)} lies in no volume: it is gone with the container`,
      'Mount a volume at the data folder of etcd',
    );
  return passed(name, 'The data of all members lies in volumes');
}

function upgradeCheck({ store, serverVersion: taken }: EtcdExpectedSet, { asked }: EtcdCluster): Check {
  const name = `etcd ${store} version`;
  const runs = asked.map(({ serverVersion }) => serverVersion).toSorted()[0] ?? '';
  const evidence = `The point was taken by etcd ${taken}; ${runs} runs`;
  const [takenMajor, takenMinor] = minorOf(taken);
  const [major, minor] = minorOf(runs);
  if (compareMinor([major, minor], [takenMajor, takenMinor]) < 0)
    return failed(
      name,
      `${evidence}, which cannot read data of a later version`,
      `Start the services with the image of etcd ${takenMajor}.${takenMinor}`,
    );
  if (major !== takenMajor || minor > takenMinor + 1)
    return failed(
      name,
      `${evidence}: etcd goes from one minor version to the next, and never over one`,
      `Start the services with the image of etcd ${takenMajor}.${takenMinor}, restore, then upgrade step by step`,
    );
  if (minor === takenMinor) return passed(name, evidence);
  return warned(name, evidence, `Read the upgrade notes of etcd ${major}.${minor}: the restore is an upgrade at once`);
}

function minorOf(version: string): readonly [number, number] {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}

function compareMinor([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  return a - c || b - d;
}
