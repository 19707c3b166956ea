import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import { randomBytes } from 'node:crypto';
import { readFile, writeFiles } from '../capture/archive.ts';
import { ownLabel } from '../containers.ts';
import { unless } from '../failures.ts';
import { ensureImage } from '../images.ts';
import { answersOf, helperRoot, runHelper } from './helper.ts';
import { quarantineFolder } from './quarantine.ts';
import { quarantineRoot } from './places.ts';
import { forgetScript } from './quarantine-scripts.ts';

// Files beside the data that a run set aside. Their names begin with a dot, as no volume's does.

export interface BesideTask {
  run: string;
  /** Any image: its container never runs. */
  image: string;
  name: string;
}

/** Writes the file, whatever was there, and makes the run's folder where it is missing. */
export async function keepBeside(docker: Docker, task: BesideTask, content: Uint8Array): Promise<void> {
  const file = { mode: 0o600, uid: 0, gid: 0, contentBase64: Buffer.from(content).toString('base64') };
  await withRoot(docker, task, (container) => writeFiles(container, helperRoot, new Map([[pathOf(task), file]])));
}

/** Undefined when it is not there. */
export async function readBeside(docker: Docker, task: BesideTask): Promise<Uint8Array | undefined> {
  return withRoot(docker, task, async (container) => {
    const found = await readFile(container, `${helperRoot}/${pathOf(task)}`);
    return found && Buffer.from(found.contentBase64, 'base64');
  });
}

/** Removes all of a run's files, unless data of the run is still set aside: then false. `image` holds `sh`. */
export async function forgetRun(docker: Docker, { run, image }: Omit<BesideTask, 'name'>): Promise<boolean> {
  const task = { labels: { [ownLabel]: run }, image, script: forgetScript, arguments: [quarantineFolder(run)] };
  const answers = answersOf(await runHelper(docker, task), `Removal of what ${run} recorded`);
  return answers.get('state') === 'forgotten';
}

const pathOf = ({ run, name }: BesideTask) => `${quarantineRoot}/${quarantineFolder(run)}/.${name}`;

async function withRoot<T>(
  docker: Docker,
  { run, image }: BesideTask,
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const info = (await docker.info()) as { DockerRootDir: string };
  const container = await docker.createContainer({
    name: `rekindle-beside-${randomBytes(6).toString('hex')}`,
    Image: await ensureImage(docker, { reference: image, digest: image }),
    Entrypoint: ['sh'],
    User: '0',
    Labels: { [ownLabel]: run },
    HostConfig: {
      Binds: [`${info.DockerRootDir}:${helperRoot}`],
      NetworkMode: 'none',
      UsernsMode: 'host',
      SecurityOpt: ['label=disable'],
    },
  });
  try {
    return await work(container);
  } finally {
    await unless([404, 409], container.remove({ force: true, v: true }));
  }
}
