import type { NamedOnHost } from '../engine-inventory.ts';
import { isFolder } from '../mounts.ts';
import { inOrder } from './plan.ts';
import { isSpread } from '../hosts.ts';
import type { HostName, Platform } from '../platform.ts';
import type { Step, StepId } from './steps.ts';
import type { StepArguments } from './step-arguments.ts';

/** What a plan's steps name on each host. `main`: the platform's own, which its steps do not name. */
export function namedOnHosts(steps: readonly Step[], main: HostName): Record<HostName, NamedOnHost> {
  const named: Record<HostName, { [K in keyof NamedOnHost]: Set<string> }> = {};
  for (const step of steps) {
    const there = (named[step.host ?? main] ??= { containers: new Set(), volumes: new Set(), networks: new Set() });
    const {
      containers = [],
      volume,
      network,
    } = step.arguments as Partial<
      Record<'volume' | 'network', string> & {
        containers: StepArguments['stopService' | 'removeContainers']['containers'];
      }
    >;
    for (const container of containers)
      there.containers.add(typeof container === 'string' ? container : container.name);
    if (volume !== undefined && !isFolder(volume)) there.volumes.add(volume);
    if (network !== undefined) there.networks.add(network);
  }
  const sorted = (names: ReadonlySet<string>) => [...names].toSorted();
  return Object.fromEntries(
    Object.entries(named).map(([host, { containers, volumes, networks }]) => [
      host,
      { containers: sorted(containers), volumes: sorted(volumes), networks: sorted(networks) },
    ]),
  );
}

/**
 * Of a platform on several hosts: compares the engines once the steps whose ids begin with `behind` are done. Steps that
 * waited for those wait for it.
 */
export function withComparison(platform: Platform, main: HostName, steps: readonly Step[], behind: StepId): Step[] {
  const confirmed = steps.filter(({ id }) => id.startsWith(behind)).map(({ id }) => id);
  if (!isSpread(platform) || confirmed.length === 0) return [...steps];
  const comparison: Step = {
    id: behind.replace('confirm-health', 'compare-engines'),
    action: 'compareEngines',
    arguments: { named: namedOnHosts(steps, main) },
    after: confirmed,
    skippable: true,
  };
  const waited = ({ after }: Step) => after.some((id) => confirmed.includes(id));
  const rest = steps.map((step) => (waited(step) ? { ...step, after: [comparison.id] } : step));
  return inOrder([...rest, comparison]);
}
