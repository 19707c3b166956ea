import type { CapturedContainer } from '../../../domain/deployment.ts';
import type { ContainerSpec, NetworkTarget, ServiceSpec } from './service.ts';
import { runningSpec } from './stopped-mark.ts';

/** Names of what a swarm knows by ids, and the other way round. */
export interface Names {
  networks: ReadonlyMap<string, string>;
  secrets: ReadonlyMap<string, string>;
  configs: ReadonlyMap<string, string>;
}

type CapturedSpec = Pick<CapturedContainer, 'spec' | 'needs'>;

/** The spec as it can be created in any swarm: as it runs, with names for ids. */
export function portableSpec(spec: ServiceSpec, names: Pick<Names, 'networks'>): Required<CapturedSpec> {
  const running = structuredClone(runningSpec(spec));
  const container = running.TaskTemplate.ContainerSpec;
  for (const target of networkTargets(running)) target.Target = names.networks.get(target.Target) ?? target.Target;
  for (const secret of container?.Secrets ?? []) delete secret.SecretID;
  for (const config of container?.Configs ?? []) delete config.ConfigID;
  return {
    spec: running,
    needs: {
      secrets: unique((container?.Secrets ?? []).map(({ SecretName }) => SecretName)),
      configs: unique((container?.Configs ?? []).map(({ ConfigName }) => ConfigName)),
      constraints: running.TaskTemplate.Placement?.Constraints ?? [],
    },
  };
}

/** The other way round, `ids` by name. Names that are not there are returned as `missing`, all at once. */
export function specFor(spec: NonNullable<CapturedSpec['spec']>, ids: Names): { spec: ServiceSpec; missing: string[] } {
  const made = structuredClone(spec) as unknown as ServiceSpec;
  const missing: string[] = [];
  const find = (kind: string, known: ReadonlyMap<string, string>, name: string): string => {
    const id = known.get(name);
    if (id === undefined) missing.push(`${kind} ${name}`);
    return id ?? name;
  };
  for (const target of networkTargets(made)) target.Target = find('network', ids.networks, target.Target);
  const container: ContainerSpec | undefined = made.TaskTemplate.ContainerSpec;
  for (const secret of container?.Secrets ?? []) secret.SecretID = find('secret', ids.secrets, secret.SecretName);
  for (const config of container?.Configs ?? []) config.ConfigID = find('config', ids.configs, config.ConfigName);
  return { spec: made, missing };
}

export function networkTargets(spec: ServiceSpec): NetworkTarget[] {
  return [...(spec.TaskTemplate.Networks ?? []), ...(spec.Networks ?? [])];
}

const unique = (names: string[]) => [...new Set(names)].toSorted();
