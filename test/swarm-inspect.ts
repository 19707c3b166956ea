import type { SwarmEngine } from './swarm-engine.ts';

/** Who answers for the swarm. */
type Manager = Pick<SwarmEngine, 'docker'>;

/** What `docker service inspect` says of all services, without ids, times, versions and the history of updates. */
export async function inspected({ docker }: Manager): Promise<Record<string, Record<string, unknown>>> {
  const services = (await docker.listServices()) as unknown as { Spec: { Name: string } }[];
  const found = services.map((service) => {
    return [service.Spec.Name, withoutIds(service, 'service') as Record<string, unknown>] as const;
  });
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What `docker service rollback` would go back to, by service; absent: nothing. */
export async function previousSpecs({ docker }: Manager): Promise<Record<string, unknown>> {
  const services = (await docker.listServices()) as unknown as { Spec: { Name: string }; PreviousSpec?: unknown }[];
  return Object.fromEntries(services.map(({ Spec, PreviousSpec }) => [Spec.Name, withoutIds(PreviousSpec)]));
}

/** The ids of all tasks that shall run. */
export async function runningTasks({ docker }: Manager): Promise<string[]> {
  const tasks = (await docker.listTasks({ filters: { 'desired-state': ['running'] } })) as { ID: string }[];
  return tasks.map(({ ID }) => ID).toSorted();
}

/** By name. */
export async function idsOfServices({ docker }: Manager): Promise<Record<string, string>> {
  const services = (await docker.listServices()) as unknown as { ID: string; Spec: { Name: string } }[];
  return Object.fromEntries(services.map(({ ID, Spec }) => [Spec.Name, ID]));
}

const ids = new Set(['ID', 'Version', 'CreatedAt', 'UpdatedAt', 'SecretID', 'ConfigID', 'VirtualIPs']);

const history = ['PreviousSpec', 'UpdateStatus'];

function withoutIds(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutIds(each, path));
  if (typeof value !== 'object' || value === null) return value;
  // The target of a network is its id, that of a mount a path.
  const left = path === 'service' ? history : [];
  const kept = Object.entries(value).filter(
    ([key]) => !ids.has(key) && !left.includes(key) && !(key === 'Target' && path === 'Networks'),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutIds(inner, key)]));
}
