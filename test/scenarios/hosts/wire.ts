import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A place on the wire: what runs in its network namespace has its address. */
export interface Place {
  /** `10.99.0.1`: how the other places reach it. */
  address: string;
  namespace: string;
}

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

/** Not `ip netns exec`, which hides the control groups that an engine needs. */
export const inside = ({ namespace }: Place, command: string[]): string[] => [
  'nsenter',
  `--net=/run/netns/${namespace}`,
  ...command,
];

/**
 * Joins the places by one wire. It is a namespace as well, and a place itself: the packet filter of this machine's own engine
 * has no say on it.
 */
export async function layWire(wire: Place, places: readonly Place[]): Promise<void> {
  const at = (namespace: string, ...args: string[]) => ip('-n', namespace, ...args);
  await ip('netns', 'add', wire.namespace);
  await at(wire.namespace, 'link', 'set', 'lo', 'up');
  await at(wire.namespace, 'link', 'add', 'wire', 'type', 'bridge');
  await at(wire.namespace, 'addr', 'add', `${wire.address}/24`, 'dev', 'wire');
  await at(wire.namespace, 'link', 'set', 'wire', 'up');
  for (const [index, { namespace, address }] of places.entries()) {
    const [here, there] = [`host${index}`, 'wire0'];
    await ip('netns', 'add', namespace);
    await at(namespace, 'link', 'set', 'lo', 'up');
    const pair = [here, 'type', 'veth', 'peer', 'name', there, 'netns', namespace];
    await at(wire.namespace, 'link', 'add', ...pair);
    await at(wire.namespace, 'link', 'set', here, 'master', 'wire', 'up');
    await at(namespace, 'addr', 'add', `${address}/24`, 'dev', there);
    await at(namespace, 'link', 'set', there, 'up');
  }
}

/** Also when it was laid in part. */
export async function removeWire(wire: Place, places: readonly Place[]): Promise<void> {
  for (const { namespace } of [wire, ...places]) await ip('netns', 'del', namespace).catch(() => undefined);
}
