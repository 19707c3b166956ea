import Docker from 'dockerode';
import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { awaitZookeeper } from '../../../systems/zookeeper/session.ts';

export interface Ensemble {
  /** All three servers. */
  hosts: string;
  /** The one that leads now, by its number. */
  leader(): Promise<number>;
  stop(server: number): Promise<void>;
  start(server: number): Promise<void>;
  remove(): Promise<void>;
}

const docker = new Docker();
const numbers = [1, 2, 3];

/** Three ZooKeeper servers on a network of their own, with addresses that stay. */
export async function startEnsemble(): Promise<Ensemble> {
  const name = `rkt-${randomBytes(4).toString('hex')}`;
  // Addresses can be chosen in a network whose subnet was chosen, too.
  const prefix = `10.${randomInt(200, 250)}.${randomInt(256)}`;
  const IPAM = { Config: [{ Subnet: `${prefix}.0/24` }] };
  const network = await docker.createNetwork({ Name: name, Driver: 'bridge', IPAM });
  const undo: (() => Promise<unknown>)[] = [() => network.remove()];
  const remove = async () => {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  };
  try {
    const address = (number: number) => `${prefix}.${10 + number}`;
    const servers = numbers.map((number) => `server.${number}=${address(number)}:2888:3888;2181`).join(' ');
    const containers = await Promise.all(
      numbers.map(async (number) => {
        const container = await docker.createContainer({
          name: `${name}-${number}`,
          Image: 'rekindle-stack/zookeeper:3.9.4',
          Env: [`ZOO_MY_ID=${number}`, `ZOO_SERVERS=${servers}`],
          HostConfig: { NetworkMode: name },
          NetworkingConfig: { EndpointsConfig: { [name]: { IPAMConfig: { IPv4Address: address(number) } } } },
        });
        undo.push(() => container.remove({ force: true, v: true }));
        await container.start();
        return container;
      }),
    );
    const hosts = numbers.map((number) => `${address(number)}:2181`).join();
    await awaitZookeeper({ hosts, timeoutSeconds: 90 });
    const of = (number: number) => containers[number - 1] as Docker.Container;
    return {
      hosts,
      remove,
      async leader() {
        for (const number of numbers)
          if (/Mode: leader/.test(await ask(address(number), 'srvr').catch(() => ''))) return number;
        throw new Error('none of the servers leads');
      },
      stop: async (number) => {
        await of(number).stop({ t: 1 });
      },
      start: async (number) => {
        await of(number).start();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One of ZooKeeper's commands of four letters. */
async function ask(host: string, command: string): Promise<string> {
  const socket = connect({ host, port: 2181 });
  socket.setTimeout(2000, () => socket.destroy(new Error('no answer')));
  socket.write(command);
  return text(socket);
}
