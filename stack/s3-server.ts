import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { engine, eventually, gone } from './engine.ts';

const IMAGE = 'rekindle-stack/s3:1.8.0';
const PORT = '7070/tcp';
const START_SECONDS = 20;

/** Of a platform's own. */
export const s3Name = (project: string): string => `${project}-s3`;

/** An S3 server in a container of its own, with a volume of its own: no disaster of the platform touches it. */
export interface S3Server {
  container: string;
  volume: string;
  /** One address for this host and for containers on any bridge network; the same after stop and start. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  /** Creates buckets; those that are there stay. */
  createBuckets(names: string[]): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Removes container and volume with all that is stored; safe to call again. */
  remove(): Promise<void>;
}

export interface S3Options {
  /** Default: random ones. */
  credentials?: { accessKey: string; secretKey: string };
  /** Room for so much, in memory: it can be filled, and is empty again after a stop. Default: the engine's disk. */
  megabytes?: number;
}

/** Starts an S3 server named `name`; throws when its image is missing. */
export async function startS3Server(
  name: string,
  labels: Record<string, string> = {},
  { credentials, megabytes }: S3Options = {},
): Promise<S3Server> {
  const accessKey = credentials?.accessKey ?? randomBytes(10).toString('hex');
  const secretKey = credentials?.secretKey ?? randomBytes(20).toString('hex');
  const gateway = await bridgeGateway();
  const volume = `${name}-data`;
  // Made by another process: neither it nor its data is this one's to remove.
  if (await findS3Server(name)) throw new Error(`There is a container ${name} already`);
  await engine().createVolume({
    Name: volume,
    Labels: labels,
    ...(megabytes !== undefined && {
      DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: `size=${megabytes}m` },
    }),
  });
  try {
    await runContainer(name, volume, gateway, labels, [`ROOT_ACCESS_KEY=${accessKey}`, `ROOT_SECRET_KEY=${secretKey}`]);
    const server = await findS3Server(name);
    if (!server) throw new Error(`The container ${name} vanished while it started`);
    await answers(server.endpoint);
    return server;
  } catch (error) {
    if (isTaken(error)) throw error;
    await gone(engine().getContainer(name).remove({ force: true, v: true }));
    await gone(engine().getVolume(volume).remove());
    throw error;
  }
}

async function runContainer(
  name: string,
  volume: string,
  gateway: string,
  labels: Record<string, string>,
  credentials: string[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(gateway);
    try {
      const container = await engine().createContainer({
        name,
        Image: IMAGE,
        Env: [...credentials, 'VGW_PORT=:7070'],
        Labels: labels,
        ExposedPorts: { [PORT]: {} },
        HostConfig: {
          Mounts: [{ Type: 'volume', Source: volume, Target: '/data' }],
          // The gateway of the default bridge is an address of the host that every container reaches, and no one else.
          PortBindings: { [PORT]: [{ HostIp: gateway, HostPort: String(port) }] },
          RestartPolicy: { Name: 'unless-stopped' },
        },
      });
      await container.start();
      return;
    } catch (error) {
      const portTaken = /port is already allocated|address already in use/.test(String(error));
      if (!portTaken || attempt === 3) throw error;
      await gone(engine().getContainer(name).remove({ force: true }));
    }
  }
}

/** Another process was faster: the engine gives a name once. */
const isTaken = (error: unknown) => /is already in use by container/.test(String(error));

/** The S3 server of that name as it is now, or undefined; credentials and address are read from its container. */
export async function findS3Server(name: string): Promise<S3Server | undefined> {
  const container = engine().getContainer(name);
  const found = await container.inspect().catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const variable = (key: string) => found.Config.Env.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const bindings = found.HostConfig.PortBindings as Record<string, { HostIp: string; HostPort: string }[] | undefined>;
  const binding = bindings[PORT]?.[0];
  const accessKey = variable('ROOT_ACCESS_KEY');
  const secretKey = variable('ROOT_SECRET_KEY');
  if (!binding || !accessKey || !secretKey) throw new Error(`The container ${name} is no S3 server of this stack`);
  const endpoint = `http://${binding.HostIp}:${binding.HostPort}`;
  const volume = `${name}-data`;
  return {
    container: name,
    volume,
    endpoint,
    accessKey,
    secretKey,
    createBuckets: (names) => createBuckets(endpoint, { accessKeyId: accessKey, secretAccessKey: secretKey }, names),
    stop: async () => {
      await container.stop({ t: 2 });
    },
    start: async () => {
      await container.start();
      await answers(endpoint);
    },
    remove: async () => {
      await gone(container.remove({ force: true, v: true }));
      await gone(engine().getVolume(volume).remove());
    },
  };
}

async function createBuckets(
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
  names: string[],
): Promise<void> {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  try {
    for (const Bucket of names) {
      await client.send(new CreateBucketCommand({ Bucket })).catch((error: unknown) => {
        if ((error as Error).name !== 'BucketAlreadyOwnedByYou') throw error;
      });
    }
  } finally {
    client.destroy();
  }
}

/** Any HTTP answer will do: without credentials it is a refusal. */
const answers = (endpoint: string) =>
  eventually(`S3 server at ${endpoint}`, START_SECONDS, () =>
    fetch(endpoint, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.arrayBuffer()),
  );

/** The host's own address on the default bridge. Some engines do not tell it; then it is the subnet's first. */
async function bridgeGateway(): Promise<string> {
  const network = (await engine().getNetwork('bridge').inspect()) as BridgeNetwork;
  const config = network.IPAM?.Config?.find(({ Subnet }) => Subnet?.includes('.'));
  const gateway =
    config?.Gateway ?? config?.Subnet?.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1));
  if (!gateway) throw new Error('The Docker network "bridge" has no IPv4 subnet: the demo needs the default bridge');
  return gateway;
}

interface BridgeNetwork {
  IPAM?: { Config?: { Subnet?: string; Gateway?: string }[] };
}

/** A port that is free on that address now. Another process may be faster: the caller tries again then. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error(`No free port on ${host}`));
      });
    });
  });
}
