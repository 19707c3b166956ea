import Docker from 'dockerode';

/** Compose's own labels: how v1 and v2 alike mark what belongs to a project. */
export const PROJECT_LABEL = 'com.docker.compose.project';
/** The folder from which a platform of this stack was brought up. */
export const FOLDER_LABEL = 'rekindle.stack.folder';
export const SERVICE_LABEL = 'com.docker.compose.service';

/** The engine that `DOCKER_HOST` names, else the local socket. */
export const engine = (): Docker => new Docker();

/** The containers of a project, or of one of its services, stopped ones too. */
export async function containersOf(project: string, service?: string): Promise<Docker.ContainerInfo[]> {
  const label = [`${PROJECT_LABEL}=${project}`, ...(service ? [`${SERVICE_LABEL}=${service}`] : [])];
  const found = await engine().listContainers({ all: true, filters: { label } });
  return found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

export const nameOf = (container: Docker.ContainerInfo): string => (container.Names[0] ?? container.Id).slice(1);

/**
 * The address of a service's first running container on a network: reachable from the Linux host that carries it.
 * Throws when the service has no running container there.
 */
export async function addressOf(project: string, service: string, network: string): Promise<string> {
  for (const container of await containersOf(project, service)) {
    const address = container.NetworkSettings.Networks[network]?.IPAddress;
    if (container.State === 'running' && address) return address;
  }
  throw new Error(`${service} of ${project} has no running container on ${network}`);
}

/** The last lines that a container wrote, for error messages. */
export async function lastLines(id: string, count: number): Promise<string> {
  const raw = await engine().getContainer(id).logs({ stdout: true, stderr: true, tail: count });
  const lines: string[] = [];
  // Docker's multiplexed format: 8 bytes of header (the length in the last four), then the payload.
  for (let offset = 0; offset + 8 <= raw.length;) {
    const length = raw.readUInt32BE(offset + 4);
    lines.push(raw.toString('utf8', offset + 8, offset + 8 + length).trimEnd());
    offset += 8 + length;
  }
  return lines.join('\n');
}

/** Awaits a removal; that it is gone already, or on its way, is fine. */
export async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    if (statusCode === 404 || (statusCode === 409 && message?.includes('already in progress'))) return;
    throw error;
  }
}

/** Repeats `attempt` until it resolves; after `seconds` throws with what it waited for and the last reason. */
export async function eventually<T>(what: string, seconds: number, attempt: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
