import { connect } from 'node:net';
import type { ContainerInspectInfo } from 'dockerode';
import type Docker from 'dockerode';
import { runLabel, sceneOfName } from '../../../domain/drills/scene.ts';
import { isRunning, nameOf } from '../containers.ts';
import { ifThere } from '../failures.ts';
import { overlaysOf } from '../swarm/overlays.ts';

// A scene's network has no address of the host's, so that nothing in the scene reaches the host. A process on the host gets in by the gate
// of a way (`way-program.ts`), a container by joining the network.

/** On a way: the port of its gate. */
export const gateLabel = 'rekindle.drill.way.gate';
/** What the gate wants to hear; whoever may inspect containers knows it. */
export const tokenVariable = 'WAY_TOKEN';

/** Milliseconds: the gate tries to connect before it answers. */
const askLimit = 5000;

export interface Gate {
  /** Of the way, outside the scene. */
  addresses: string[];
  port: number;
  token: string;
}

/** The gates that lead to a container; undefined: it is in no scene, or in one that the host has an address in. */
export async function gatesOf(docker: Docker, { Config }: ContainerInspectInfo): Promise<Gate[] | undefined> {
  const run = Config.Labels[runLabel];
  if (run === undefined) return undefined;
  const ways = await docker.listContainers({ all: true, filters: { label: [`${runLabel}=${run}`, gateLabel] } });
  if (ways.length === 0) return undefined;
  const found = await Promise.all(ways.map(({ Id }) => ifThere(docker.getContainer(Id).inspect())));
  const running = found.filter((way) => way !== undefined).filter(isRunning);
  return Promise.all(running.map(async (way) => gateIn(way, (await overlaysOf(docker, way)).overlays)));
}

/** From the host, an overlay's addresses are another network's, where anybody may answer. */
function gateIn({ Config, NetworkSettings }: ContainerInspectInfo, overlays: readonly string[]): Gate {
  const outside = Object.entries(NetworkSettings.Networks).filter(
    ([network]) => sceneOfName(network) === undefined && !overlays.includes(network),
  );
  const token = Config.Env.find((entry) => entry.startsWith(`${tokenVariable}=`)) ?? '';
  return {
    addresses: outside.map(([, { IPAddress }]) => IPAddress).filter((address) => address !== ''),
    port: Number(Config.Labels[gateLabel]),
    token: token.slice(tokenVariable.length + 1),
  };
}

/** Where one of the gates forwards to this port of the container, for this process alone; undefined: nothing listens there. */
export async function throughGates(
  gates: readonly Gate[],
  target: ContainerInspectInfo,
  port: number,
): Promise<{ host: string; port: number } | undefined> {
  const tries = gates.flatMap(({ addresses, ...gate }) =>
    addresses.map(async (host) => ({
      host,
      port: await ask({ host, port: gate.port }, `${gate.token} ${nameOf(target)} ${port}\n`),
    })),
  );
  return Promise.any(tries).catch(() => undefined);
}

async function ask(gate: { host: string; port: number }, question: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(gate, () => socket.write(question));
    let answer = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      const port = Number(answer);
      if (port > 0) resolve(port);
      else reject(new Error('no answer'));
    };
    const timer = setTimeout(end, askLimit);
    socket.on('data', (part) => (answer += part.toString()));
    socket.once('end', end);
    socket.once('error', end);
  });
}
