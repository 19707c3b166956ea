import type Docker from 'dockerode';

export interface EngineIdentity {
  /** The engine's own id, which it keeps as long as its root folder. */
  id: string;
  version: string;
  apiVersion: string;
  /** The engine's root folder on its host. */
  rootDir: string;
  /** The host name that the engine gives. */
  name: string;
  processors: number;
}

interface Info {
  ID: string;
  DockerRootDir: string;
  Name: string;
  NCPU: number;
}

/** Both calls take a signal, though their published types don't say so. */
interface Abortable {
  version: (options: { abortSignal: AbortSignal }) => Promise<Docker.DockerVersion>;
  info: (options: { abortSignal: AbortSignal }) => Promise<Info>;
}

/** Milliseconds. */
const pingLimit = 3000;

/** Who answers there. Rejects within 3 s when nobody does. */
export async function ping(docker: Docker): Promise<EngineIdentity> {
  const client = docker as unknown as Abortable;
  const abortSignal = AbortSignal.timeout(pingLimit);
  try {
    const [version, info] = await Promise.all([client.version({ abortSignal }), client.info({ abortSignal })]);
    const { ID: id, DockerRootDir: rootDir, Name: name, NCPU: processors } = info;
    return { id, version: version.Version, apiVersion: version.ApiVersion, rootDir, name, processors };
  } catch (error) {
    if (!abortSignal.aborted) throw error;
    throw Object.assign(new Error('no answer within 3 s'), { code: 'ETIMEDOUT', cause: error });
  }
}
