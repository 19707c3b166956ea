import { failed, passed, warned, type Check } from '../checks.ts';
import type { RedisExpectedSet, RedisServer } from './expected.ts';

/** Where the platform file says that the server keeps what. */
export interface RedisFiles {
  folder: string;
  file: string;
  appendFile: string;
  appendFolder: string;
}

/** The first with users, and whose programs take their password from the environment alone. */
const oldestMajor = 6;

/** Whether a backup can be taken of this server; and, as warnings, what would hinder its restore. */
export function redisChecks(store: string, server: RedisServer, files: RedisFiles): Check[] {
  return [versionCheck(store, server), roleCheck(store, server, warned), placeCheck(store, server, files, warned)];
}

/** Whether this server can take what a recovery point holds; before anything is touched. */
export function redisRestoreChecks(expected: RedisExpectedSet, server: RedisServer, files: RedisFiles): Check[] {
  const { store } = expected;
  return [
    upgradeCheck(expected, server),
    roleCheck(store, server, failed),
    placeCheck(store, server, files, failed),
    ...[versionCheck(store, server)].filter(({ verdict }) => verdict !== 'pass'),
  ];
}

export const majorOf = (version: string): number => Number(/^\d+/.exec(version)?.[0] ?? 0);

function versionCheck(store: string, { serverVersion, cluster }: RedisServer): Check {
  const name = `redis ${store}`;
  if (majorOf(serverVersion) < oldestMajor)
    return failed(name, `Redis ${serverVersion} runs`, `Upgrade it to ${oldestMajor} or newer`);
  if (cluster)
    return failed(
      name,
      'It is a node of a Redis Cluster, of which each holds a part of the data',
      'Remove the store from the platform file: Rekindle backs up single servers only',
    );
  return passed(name, `Redis ${serverVersion} runs`);
}

/** `hinder`: what becomes of it when a restore could not be carried out. */
function roleCheck(store: string, { role }: RedisServer, hinder: typeof failed): Check {
  const name = `redis ${store} role`;
  if (role === 'master') return passed(name, 'The server is a primary');
  return hinder(
    name,
    'The server is a replica, which takes its data from its primary',
    `Name the service of the primary under "service" of the store "${store}" in the platform file`,
  );
}

/** What the way of a restore needs: files where the platform file says, in a volume, and a container that stays stopped. */
function placeCheck(store: string, server: RedisServer, files: RedisFiles, hinder: typeof failed): Check {
  const name = `redis ${store} place`;
  const keys = [
    ['dataPath', server.folder, files.folder],
    ['file', server.file, files.file],
    ['appendFile', server.appendFile, files.appendFile],
    ['appendFolder', server.appendFolder ?? files.appendFolder, files.appendFolder],
  ] as const;
  const other = keys.find(([, says, expects]) => says !== expects);
  if (other !== undefined)
    return failed(
      name,
      `The server keeps its data in ${other[1]}; the platform file says ${other[2]}`,
      `Write ${other[0]}: ${other[1]} to the store "${store}" in the platform file`,
    );
  if (server.inSwarm)
    return hinder(
      name,
      'It is a task of a Swarm service, which starts another container when this one is stopped',
      'Run Redis with Docker Compose, or restore it by hand (docs/redis.md)',
    );
  if (!server.dataInVolume)
    return hinder(
      name,
      `${server.folder} lies in no volume: it is gone with the container`,
      `Mount a volume at ${server.folder}`,
    );
  return passed(name, `The data lies in a volume, in ${server.folder}`);
}

function upgradeCheck({ store, serverVersion: taken }: RedisExpectedSet, { serverVersion: runs }: RedisServer): Check {
  const name = `redis ${store} version`;
  const evidence = `The point was taken by Redis ${taken}; ${runs} runs`;
  const [[a, b], [c, d]] = [minorOf(runs), minorOf(taken)];
  if (a < c || (a === c && b < d))
    return failed(
      name,
      `${evidence}, which cannot read files of a later version`,
      `Start the service with the image of Redis ${c}.${d} or newer`,
    );
  if (a === c) return passed(name, evidence);
  return warned(name, evidence, `Read the release notes up to ${a}.${b}: the restore is an upgrade at the same time`);
}

function minorOf(version: string): readonly [number, number] {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}
