import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Failure } from '../../../domain/failures.ts';
import type { VolumeName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { usersOf } from '../containers.ts';
import { ownLabel } from '../containers.ts';
import { answersOf, runHelper } from './helper.ts';
import { quarantineRoot, quarantineScript, releaseScript, returnScript } from './quarantine-scripts.ts';
import { findVolume, hasOptions } from '../volumes.ts';

export interface QuarantineTask extends Watch {
  volume: VolumeName;
  run: string;
  /** An image on this host that holds `sh`: the platform's own will do. */
  image: string;
}

/** Names and sizes of a volume's plain files; equal inventories do not prove equal contents. */
export interface Inventory {
  files: number;
  /** The sum of the files' apparent sizes. */
  bytes: number;
  /** SHA-256, hexadecimal, over the sorted lines `size path`. */
  checksum: string;
}

export interface Quarantined {
  /** The data's place on the host. */
  path: string;
  outcome: 'moved' | 'already there';
  /** As recorded beside the data; absent when it could not be taken within 20 s. */
  inventory?: Inventory;
}

export interface Returned {
  /** False: it was back already. */
  returned: boolean;
  /** The inventory when the data was moved aside, and when it was moved back. Either is absent where it is not known. */
  recorded?: Inventory;
  found?: Inventory;
}

/** One folder for each run, its name readable and safe: `restore/demo/…` → `restore%2Fdemo%2F…`. */
export function quarantineFolder(run: string): string {
  const folder = encodeURIComponent(run).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
  if (folder === '') {
    throw new Failure('InvalidArgument', {
      message: 'A quarantine needs the name of its run',
      remedy: 'Name the run',
    });
  }
  return folder.length <= 200
    ? folder
    : `${folder.slice(0, 150)}-${createHash('sha256').update(run).digest('hex').slice(0, 16)}`;
}

/**
 * Moves the volume's data aside by a rename and leaves an empty folder with the same owner and mode; the volume stays.
 * Done before: nothing is renamed again. Failures: `VolumeRefused` (not local, has options, in use, not there).
 */
export async function quarantineVolume(docker: Docker, task: QuarantineTask): Promise<Quarantined> {
  const mountpoint = await accept(docker, task.volume);
  const folder = quarantineFolder(task.run);
  const result = await runHelper(
    docker,
    {
      labels: { [ownLabel]: task.run },
      image: task.image,
      script: quarantineScript,
      arguments: [folder, task.volume, encodeURI(task.run)],
    },
    task,
  );
  const answers = answersOf(result, `Quarantine of volume ${task.volume}`);
  const inventory = inventoryOf(answers);
  return {
    path: posix.resolve(mountpoint, '../../..', quarantineRoot, folder, task.volume),
    outcome: answers.get('state') === 'moved' ? 'moved' : 'already there',
    ...(inventory && { inventory }),
  };
}

/**
 * Brings the data back; what is in its place by now is kept as `<volume>.replaced` beside the quarantined. The data is as
 * it was when the inventories `recorded` and `found` are equal.
 * Failures: `VolumeRefused` (in use, not there, not local).
 */
export async function returnVolume(docker: Docker, task: QuarantineTask): Promise<Returned> {
  await accept(docker, task.volume);
  const result = await runHelper(
    docker,
    {
      labels: { [ownLabel]: task.run },
      image: task.image,
      script: returnScript,
      arguments: [quarantineFolder(task.run), task.volume],
    },
    task,
  );
  const answers = answersOf(result, `Return of volume ${task.volume}`);
  const recorded = inventoryOf(answers);
  const found = inventoryOf(answers, 'found.');
  return { returned: answers.get('state') === 'moved', ...(recorded && { recorded }), ...(found && { found }) };
}

export interface Release extends Watch {
  run: string;
  volumes: VolumeName[];
  image: string;
  /** As listed; absent: the one that the run's name gives. */
  folder?: string;
}

/** The volume that a quarantined one was: `returnVolume` keeps what took its place as `<volume>.replaced`. */
export function quarantinedFrom(kept: VolumeName): VolumeName {
  return kept.replace(/\.replaced(\.\d+)?$/, '');
}

/** Deletes what the run quarantined of these volumes, and what `returnVolume` put beside it. There is no way back. */
export async function releaseQuarantine(
  docker: Docker,
  { run, volumes, image, folder = quarantineFolder(run), ...watch }: Release,
): Promise<{ released: VolumeName[] }> {
  for (const volume of volumes) checkName(volume);
  const task = {
    labels: { [ownLabel]: run },
    image,
    script: releaseScript,
    arguments: [folder, ...volumes],
  };
  const answers = answersOf(await runHelper(docker, task, watch), `Release of the quarantine of ${run}`);
  return { released: volumes.filter((volume) => answers.has(volume)) };
}

/** The inventory among the lines of a record; undefined when it could not be taken. */
export function inventoryOf(lines: ReadonlyMap<string, string>, prefix = ''): Inventory | undefined {
  const checksum = lines.get(`${prefix}checksum`);
  if (checksum === undefined || !/^[0-9a-f]{64}$/.test(checksum)) return undefined;
  const number = (key: string) => Number(lines.get(`${prefix}${key}`));
  return { files: number('files'), bytes: number('bytes'), checksum };
}

/** Checks that the volume is a plain local one that nobody uses; its `_data` folder on the host. */
async function accept(docker: Docker, name: VolumeName): Promise<string> {
  checkName(name);
  const volume = await findVolume(docker, name);
  if (volume === undefined) throw refusal(name, 'it is not on this host', 'Repeat the preflight on the right host');
  if (volume.Driver !== 'local') {
    throw refusal(name, `its driver is ${volume.Driver}`, 'Choose --volumes remove, or move its data aside by hand');
  }
  if (hasOptions(volume)) {
    const remedy = 'Move its data aside by hand: they lie elsewhere (docker volume inspect shows where)';
    throw refusal(name, 'its options hide a bind or a remote mount', remedy);
  }
  if (!volume.Mountpoint.endsWith(`/volumes/${name}/_data`)) {
    throw refusal(name, `it lies at ${volume.Mountpoint}, not in the engine's volume root`, 'Move it aside by hand');
  }
  const users = await usersOf(docker, name, 'running');
  if (users.length > 0) {
    throw refusal(
      name,
      `running containers use it: ${users.join(', ')}`,
      `Stop them first: docker stop ${users.join(' ')}`,
    );
  }
  return volume.Mountpoint;
}

function checkName(volume: VolumeName): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(volume))
    throw refusal(volume, 'that is not the name of a volume', 'Correct the name');
}

function refusal(volume: VolumeName, why: string, remedy: string): Failure {
  return new Failure('VolumeRefused', { message: `Volume ${volume} was left as it is: ${why}`, remedy });
}
