import type Docker from 'dockerode';
import { posix } from 'node:path';
import { Failure } from '../../../domain/failures.ts';
import { isFolder } from '../../../domain/mounts.ts';
import type { VolumeName } from '../../../domain/platform.ts';
import type { Watch } from '../../../domain/watch.ts';
import { ownLabel, usersOf } from '../containers.ts';
import { answersOf, isFolderMissing, runHelper } from './helper.ts';
import { besideOf, besideQuarantine, placeArguments, quarantineRoot, safeName } from './places.ts';
import { quarantineScript, releaseScript, returnScript } from './quarantine-scripts.ts';
import { findVolume, hasOptions } from '../volumes.ts';

export interface QuarantineTask extends Watch {
  /** A volume by its name, or a bind-mounted folder by its absolute path on the host. */
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
  if (run !== '') return safeName(run);
  throw new Failure('InvalidArgument', {
    message: 'A quarantine needs the name of its run',
    remedy: 'Name the run',
  });
}

/**
 * Moves the volume's data aside by a rename and leaves an empty folder with the same owner and mode; the volume stays.
 * Done before: nothing is renamed again. Failures: `VolumeRefused` (not local, has options, in use, not there).
 */
export async function quarantineVolume(docker: Docker, task: QuarantineTask): Promise<Quarantined> {
  const aside = await accept(docker, task.volume);
  const folder = quarantineFolder(task.run);
  const result = await runHelper(
    docker,
    {
      labels: { [ownLabel]: task.run },
      image: task.image,
      script: quarantineScript,
      arguments: [folder, ...placeArguments(task.volume), encodeURI(task.run)],
      ...besideOf(task.volume),
    },
    task,
  );
  const answers = answersOf(result, `Quarantine of ${task.volume}`);
  const inventory = inventoryOf(answers);
  return {
    path: posix.join(aside, folder, posix.basename(task.volume)),
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
      arguments: [quarantineFolder(task.run), ...placeArguments(task.volume)],
      ...besideOf(task.volume),
    },
    task,
  );
  const answers = answersOf(result, `Return of ${task.volume}`);
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
  const released: VolumeName[] = [];
  for (const volume of volumes) {
    const task = {
      labels: { [ownLabel]: run },
      image,
      script: releaseScript,
      arguments: [folder, ...placeArguments(volume)],
    };
    const result = await runHelper(docker, { ...task, ...besideOf(volume) }, watch).catch((error: unknown) => {
      if (!isFolderMissing(error)) throw error;
      // Whoever removed the folder in which it lay has removed the data: only what is noted of it is left.
      return runHelper(docker, task, watch);
    });
    if (answersOf(result, `Release of the quarantine of ${run}`).has('released')) released.push(volume);
  }
  return { released };
}

/** The inventory among the lines of a record; undefined when it could not be taken. */
export function inventoryOf(lines: ReadonlyMap<string, string>, prefix = ''): Inventory | undefined {
  const checksum = lines.get(`${prefix}checksum`);
  if (checksum === undefined || !/^[0-9a-f]{64}$/.test(checksum)) return undefined;
  const number = (key: string) => Number(lines.get(`${prefix}${key}`));
  return { files: number('files'), bytes: number('bytes'), checksum };
}

/** Checks that it is a plain local volume or a folder, and that nobody uses it; where on the host it goes. Failure: `VolumeRefused`. */
export async function accept(docker: Docker, name: VolumeName): Promise<string> {
  checkName(name);
  const goesTo = isFolder(name) ? posix.join(posix.dirname(name), besideQuarantine) : await acceptVolume(docker, name);
  const users = await usersOf(docker, name, 'running');
  if (users.length > 0) {
    throw refusal(
      name,
      `running containers use it: ${users.join(', ')}`,
      `Stop them first: docker stop ${users.join(' ')}`,
    );
  }
  return goesTo;
}

async function acceptVolume(docker: Docker, name: VolumeName): Promise<string> {
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
  return posix.resolve(volume.Mountpoint, '../../..', quarantineRoot);
}

function checkName(volume: VolumeName): void {
  if (isFolder(volume) && volume !== '/' && posix.normalize(volume) === volume) return;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(volume))
    throw refusal(volume, 'that is neither the name of a volume nor the path of a folder', 'Correct the name');
}

function refusal(volume: VolumeName, why: string, remedy: string): Failure {
  return new Failure('VolumeRefused', {
    message: `${isFolder(volume) ? 'The folder' : 'Volume'} ${volume} was left as it is: ${why}`,
    remedy,
  });
}
