import { randomUUID } from 'node:crypto';
import Docker from 'dockerode';
import { pack } from 'tar-stream';

export interface StartedContainer {
  name: string;
  /** Reachable from the machine that runs the tests, when that is Linux with the engine on it. */
  address: string;
  stop(): Promise<void>;
  /** Starts again after `stop`; the address may be another one. */
  start(): Promise<string>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  remove(): Promise<void>;
}

/** A container of a test's own (`files`: put below / before it starts), with its anonymous volumes; the test removes it in `afterAll`. */
export async function startContainer(
  image: string,
  {
    environment = {},
    files = {},
    command = [],
  }: { environment?: Record<string, string>; files?: Record<string, string>; command?: string[] } = {},
): Promise<StartedContainer> {
  const name = `rkt-${randomUUID().slice(0, 8)}`;
  const container = await new Docker().createContainer({
    name,
    Image: image,
    Cmd: command,
    Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    Labels: { 'rekindle.test': 'systems' },
  });
  if (Object.keys(files).length > 0) {
    const archive = pack();
    for (const [path, content] of Object.entries(files)) archive.entry({ name: path }, content);
    archive.finalize();
    await container.putArchive(archive as never, { path: '/' });
  }
  const remove = () => container.remove({ force: true, v: true });
  const start = async () => {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress;
    if (!address) throw new Error(`${name} has no address`);
    return address;
  };
  try {
    return {
      name,
      address: await start(),
      start,
      stop: () => container.stop({ t: 1 }) as Promise<void>,
      pause: () => container.pause() as Promise<void>,
      unpause: () => container.unpause() as Promise<void>,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
