import type Docker from 'dockerode';
import { createHash, randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { Failure } from '../../domain/failures.ts';
import type { VolumeName } from '../../domain/platform.ts';
import type { Watch } from '../watch.ts';
import { usersOf } from './containers.ts';
import { answersOf, runHelper } from './helper.ts';
import { listScript, quarantineRoot, quarantineScript, releaseScript, returnScript } from './quarantine-scripts.ts';
import { findVolume, hasOptions } from './volumes.ts';

export interface QuarantineTask extends Watch {
  volume: VolumeName;
  run: string;
  /** An image on this host that holds `sh`: the platform's own will do. */
  image: string;
}

export interface Quarantined {
  /** The data's place on the host. */
  path: string;
  outcome: 'moved' | 'already there';
  /** Absent when counting took longer than two seconds. */
  bytes?: number;
  files?: number;
}

/** One folder for each run, its name readable and safe: `restore/demo/…` → `restore%2Fdemo%2F…`. */
export function quarantineFolder(run: string): string {
  const folder = encodeURIComponent(run).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
  if (folder === '') {
    throw new Failure('InvalidArgument', {
      message: 'A quarantine needs the name of its run.',
      remedy: 'Name the run.',
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
    { run: task.run, image: task.image, script: quarantineScript, arguments: [folder, task.volume] },
    task,
  );
  const answers = answersOf(result, `Quarantine of volume ${task.volume}`);
  const number = (key: string): number | undefined => (answers.has(key) ? Number(answers.get(key)) : undefined);
  return {
    path: posix.resolve(mountpoint, '../../..', quarantineRoot, folder, task.volume),
    outcome: answers.get('state') === 'moved' ? 'moved' : 'already there',
    bytes: number('bytes'),
    files: number('files'),
  };
}

/**
 * Brings the data back; what is in its place by now is kept as `<volume>.replaced` beside the quarantined.
 * Failures: `VolumeRefused` (in use, not there, not local).
 */
export async function returnVolume(docker: Docker, task: QuarantineTask): Promise<{ returned: boolean }> {
  await accept(docker, task.volume);
  const result = await runHelper(
    docker,
    {
      run: task.run,
      image: task.image,
      script: returnScript,
      arguments: [quarantineFolder(task.run), task.volume],
    },
    task,
  );
  return { returned: answersOf(result, `Return of volume ${task.volume}`).get('state') === 'moved' };
}

/** Deletes what the run quarantined of these volumes, and what `returnVolume` put beside it. There is no way back. */
export async function releaseQuarantine(
  docker: Docker,
  { run, volumes, image, ...watch }: { run: string; volumes: VolumeName[]; image: string } & Watch,
): Promise<{ released: VolumeName[] }> {
  for (const volume of volumes) checkName(volume);
  const task = { run, image, script: releaseScript, arguments: [quarantineFolder(run), ...volumes] };
  const answers = answersOf(await runHelper(docker, task, watch), `Release of the quarantine of ${run}`);
  return { released: volumes.filter((volume) => answers.has(volume)) };
}

export interface QuarantineEntry {
  /** As `quarantineFolder` names it. */
  folder: string;
  volumes: VolumeName[];
}

/** All that waits on this host, of every run. */
export async function listQuarantine(
  docker: Docker,
  { image, ...watch }: { image: string } & Watch,
): Promise<QuarantineEntry[]> {
  const task = { run: 'list', image, script: listScript, arguments: [randomUUID()] };
  const result = await runHelper(docker, task, watch);
  answersOf(result, 'Listing the quarantine');
  const entries = new Map<string, VolumeName[]>();
  for (const line of result.lines) {
    const [folder = '', volume = ''] = line.split('/');
    entries.set(folder, [...(entries.get(folder) ?? []), volume]);
  }
  return [...entries].map(([folder, volumes]) => ({ folder, volumes }));
}

/** Checks that the volume is a plain local one that nobody uses; its `_data` folder on the host. */
async function accept(docker: Docker, name: VolumeName): Promise<string> {
  checkName(name);
  const volume = await findVolume(docker, name);
  if (volume === undefined) throw refusal(name, 'it is not on this host', 'Repeat preflight on the right host.');
  if (volume.Driver !== 'local') {
    throw refusal(name, `its driver is ${volume.Driver}`, 'Choose --volumes remove, or move its data aside by hand.');
  }
  if (hasOptions(volume)) {
    const remedy = 'Its data lie elsewhere (docker volume inspect shows where): move them aside by hand.';
    throw refusal(name, 'its options hide a bind or a remote mount', remedy);
  }
  if (!volume.Mountpoint.endsWith(`/volumes/${name}/_data`)) {
    throw refusal(name, `it lies at ${volume.Mountpoint}, not in the engine's volume root`, 'Move it aside by hand.');
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
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(volume)) throw refusal(volume, 'that is no name of a volume', 'Correct it.');
}

function refusal(volume: VolumeName, why: string, remedy: string): Failure {
  return new Failure('VolumeRefused', { message: `Volume ${volume} was left as it is: ${why}.`, remedy });
}
