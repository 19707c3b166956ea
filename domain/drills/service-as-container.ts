import type { CapturedConfig, CapturedContainer, CapturedFile } from '../deployment.ts';
import type { HostName } from '../platform.ts';
import { serviceOfUnit } from '../swarm.ts';
import { without } from '../without.ts';
import { fillConfig, fillTemplate, type TaskInScene } from './swarm-templates.ts';

/** The parts of a captured spec that a container's own body lacks. */
interface Spec {
  Labels?: Record<string, string> | null;
  TaskTemplate?: {
    ContainerSpec?: { Configs?: Mounted[] | null; Secrets?: Mounted[] | null };
    Networks?: Attached[] | null;
  };
  Networks?: Attached[] | null;
}

/** A config or a secret as a service mounts it; one without a file is no file (a credential spec). */
interface Mounted {
  ConfigName?: string;
  SecretName?: string;
  File?: { Name: string; UID?: string; GID?: string; Mode?: number };
}

interface Attached {
  Target: string;
  Aliases?: string[] | null;
}

export interface GivenToServices {
  configs: readonly CapturedConfig[];
  /** Values of Swarm secrets, by name. */
  secrets: Readonly<Record<string, string>>;
  /** Where its container will run. */
  node: HostName;
}

/** What is not in the container that was in the service's task, where, and why. */
export interface Lacking {
  service: string;
  destination: string;
  why: string;
}

const stackLabel = 'com.docker.stack.namespace';

/**
 * A Swarm service as one plain container that is like one of its tasks: templates filled in, the names under which other services
 * find it, configs and secrets as files of its own. A container is itself.
 */
export function asContainer(
  captured: CapturedContainer,
  { configs, secrets, node }: GivenToServices,
): { container: CapturedContainer; lacking: Lacking[] } {
  if (captured.spec === undefined) return { container: captured, lacking: [] };
  const rest = without(captured, 'spec', 'needs', 'replicas');
  const spec = captured.spec as Spec;
  const name = serviceOfUnit(captured.name) ?? captured.name;
  const { Env = [], ...create } = rest.create as { Env?: string[] | null };
  const env = (Env ?? []).map((entry) => fillTemplate(entry, { service: name, node }));
  const task = { service: name, node, env, secrets };
  const { Configs, Secrets } = spec.TaskTemplate?.ContainerSpec ?? {};
  const files = [
    ...(Configs ?? []).map((mounted) => fileOfConfig(mounted, configs, task)),
    ...(Secrets ?? []).map((mounted) => fileOfSecret(mounted, secrets)),
  ].filter((file) => file !== undefined);
  const ownFiles = files.flatMap(({ content, path, mounted }) =>
    content === undefined ? [] : [{ ...modeOf(mounted), path, contentBase64: content.toString('base64') }],
  );
  const networks = [...(spec.TaskTemplate?.Networks ?? []), ...(spec.Networks ?? [])];
  const stack = spec.Labels?.[stackLabel];
  const short = stack !== undefined && name.startsWith(`${stack}_`) ? [name.slice(stack.length + 1)] : [];
  const endpoints = networks.map(({ Target, Aliases }) => {
    const names = [...new Set([...(Aliases ?? []), name, ...short])];
    return [Target, { Aliases: [...names, ...names.map((one) => `tasks.${one}`)] }] as const;
  });
  return {
    container: {
      ...rest,
      name,
      ...(ownFiles.length > 0 && { ownFiles }),
      create: { ...create, Env: env, NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } },
    },
    lacking: files.flatMap(({ path, lacks }) =>
      lacks === undefined ? [] : [{ service: captured.service, destination: path, why: lacks }],
    ),
  };
}

interface FileInService {
  path: string;
  mounted: Mounted;
  /** Absent: it is not known. */
  content?: Buffer;
  lacks?: string;
}

function fileOfConfig(
  mounted: Mounted,
  configs: readonly CapturedConfig[],
  task: TaskInScene,
): FileInService | undefined {
  const { ConfigName: name = '', File } = mounted;
  if (File === undefined) return undefined;
  const file = { path: placeOf(File.Name, '/'), mounted };
  const config = configs.find((one) => one.name === name);
  if (config === undefined) return { ...file, lacks: `the capture does not hold the config ${name}` };
  const content = Buffer.from(config.contentBase64, 'base64');
  if (config.templating === undefined) return { ...file, content };
  const filled = fillConfig(content.toString(), task);
  const lacks = `the config ${name} has a template that only Swarm fills in`;
  return { ...file, content: Buffer.from(filled), ...(filled.includes('{{') && { lacks }) };
}

function fileOfSecret(mounted: Mounted, secrets: Readonly<Record<string, string>>): FileInService | undefined {
  const { SecretName: name = '', File } = mounted;
  if (File === undefined) return undefined;
  const file = { path: placeOf(File.Name, '/run/secrets/'), mounted };
  const value = secrets[name];
  if (value === undefined)
    return { ...file, lacks: `deployment.secrets does not say where the value of the secret ${name} is` };
  return { ...file, content: Buffer.from(value) };
}

const placeOf = (name: string, folder: string): string => (name.startsWith('/') ? name : `${folder}${name}`);

/** Swarm's defaults: everybody may read it. */
function modeOf({ File }: Mounted): Pick<CapturedFile, 'mode' | 'uid' | 'gid'> {
  const { UID = '0', GID = '0', Mode = 0o444 } = File ?? {};
  return { mode: Mode & 0o7777, uid: Number(UID) || 0, gid: Number(GID) || 0 };
}
