import type { CapturedContainer, CapturedFile } from '../../domain/deployment.ts';
import { variablesOf } from '../../systems/docker/configuration.ts';
import type { NodeConfiguration } from '../../systems/elasticsearch/node-settings.ts';

interface Body {
  Env?: string[] | null;
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  WorkingDir?: string;
  HostConfig?: { Binds?: string[] | null; Mounts?: { Source?: string; Target?: string }[] | null };
}

/** How a captured container configures its node, as far as that stands outside of its image and its own layer. */
export function configurationOf(
  create: CapturedContainer['create'],
  files: readonly CapturedFile[],
): NodeConfiguration {
  const { Env, Cmd, Entrypoint } = create as Body;
  const source = mountsOf(create).find(([, target]) => target.endsWith('/elasticsearch.yml'))?.[0];
  const file = files.find(({ path }) => path === source);
  return {
    environment: variablesOf(Env),
    arguments: [...(Entrypoint ?? []), ...(Cmd ?? [])],
    ...(file && { configuration: Buffer.from(file.contentBase64, 'base64').toString() }),
  };
}

/** The node's own file, inside its container. */
export function configurationPath(create: CapturedContainer['create']): string {
  const { Env, WorkingDir } = create as Body;
  const folder = variablesOf(Env)['ES_PATH_CONF'];
  const home = WorkingDir === undefined || WorkingDir === '' ? '/usr/share/elasticsearch' : WorkingDir;
  return `${folder ?? `${home}/config`}/elasticsearch.yml`;
}

/** What is mounted, by the place inside the container: a path of the host, or a volume's name. */
export function mountsOf(create: CapturedContainer['create']): [source: string, target: string][] {
  const { HostConfig } = create as Body;
  const binds = (HostConfig?.Binds ?? []).map((bind) => bind.split(':'));
  const mounts = (HostConfig?.Mounts ?? []).map(({ Source, Target }) => [Source, Target]);
  return [...binds, ...mounts].map(([source = '', target = '']) => [source, target]);
}
