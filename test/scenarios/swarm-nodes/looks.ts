import { inspected } from '../../swarm-inspect.ts';
import { inventoryOf } from '../hosts/inventory.ts';
import type { TwoNodes } from './two-nodes.ts';

// What an operator sees of the swarm and of its nodes, without what differs when the same is created again.

const serviceLabel = 'com.docker.swarm.service.name';

/** Services that a constraint holds on one node; Swarm spreads the others as it likes. */
const pinned = ['db_es', 'db_zk', 'nuvla_api', 'streams_subs-notifs'];

/** `docker service inspect` of all services, `docker stack ps` of all stacks, and all that is on each engine. */
export async function look(nodes: TwoNodes): Promise<Record<string, unknown>> {
  const engines = nodes.hosts.map(async (host) => {
    const { containers, ...others } = await inventoryOf(host);
    const all = Object.entries(containers);
    const tasks = all.filter(([, { Labels, running }]) => pinned.includes(Labels[serviceLabel] ?? '') && running);
    return [
      host.name,
      {
        ...others,
        containers: Object.fromEntries(all.filter(([, { Labels }]) => Labels[serviceLabel] === undefined)),
        tasks: tasks.map(([, { Labels, ...task }]) => ({ service: Labels[serviceLabel], ...task })),
      },
    ] as const;
  });
  return {
    services: await inspected(nodes),
    tasks: await stackPs(nodes),
    engines: Object.fromEntries(await Promise.all(engines)),
  };
}

type Row = Record<'Name' | 'Image' | 'Node' | 'DesiredState' | 'CurrentState' | 'Error' | 'Ports', string>;

/** Of tasks that shall run: their history is not what a restore brings back. */
async function stackPs({ on, stacks }: TwoNodes): Promise<object[]> {
  const rows: object[] = [];
  for (const stack of stacks) {
    const args = ['stack', 'ps', '--no-trunc', '--filter', 'desired-state=running', '--format', '{{json .}}', stack];
    for (const line of (await on('manager', ...args)).split('\n')) {
      const { Name, Image, Node, DesiredState, CurrentState, Error, Ports } = JSON.parse(line) as Row;
      const service = Name.replace(/\.\d+$/, '');
      // "Running 3 minutes ago"
      const [state] = CurrentState.split(' ');
      rows.push({ Name, Image, Node: pinned.includes(service) ? Node : 'any', DesiredState, state, Error, Ports });
    }
  }
  const nameOf = (row: object) => (row as Row).Name;
  return rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
