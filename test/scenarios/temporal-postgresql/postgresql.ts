import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../../cli/servers/temporal-server.ts';
import { engine, eventually, gone, lastLines } from '../../../stack/engine.ts';

const image = 'rekindle-stack/postgresql:15';
export const user = 'temporal';
const inside = '5432/tcp';
const host = '127.0.0.1';

/** A real PostgreSQL in a container of its own. */
export interface Postgresql {
  host: string;
  port: number;
  password: string;
  /** SIGKILL, as when its machine loses power, and started again: its data lie in a volume. */
  crash(): Promise<void>;
  /** Removes it, with its data. */
  remove(): Promise<void>;
}

/** `label`: marks the container as a leftover of the tests, should they die. */
export async function startPostgresql(label: Record<string, string>): Promise<Postgresql> {
  if ((await engine().listImages({ filters: { reference: [image] } })).length === 0)
    throw new Error(`The image ${image} is missing: run "npm run setup"`);
  const name = `rks-postgresql-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  // A port of this machine stays the same; the container's address may be another one when it has been started again.
  const port = await freePort(0);
  const container = await engine().createContainer({
    name,
    Image: image,
    Labels: label,
    Env: [`POSTGRES_USER=${user}`, `POSTGRES_PASSWORD=${password}`],
    ExposedPorts: { [inside]: {} },
    HostConfig: { PortBindings: { [inside]: [{ HostIp: host, HostPort: String(port) }] } },
  });
  const remove = () => gone(container.remove({ force: true, v: true }));
  try {
    await container.start();
    await listens(port, container.id);
    return {
      host,
      port,
      password,
      async crash() {
        await container.kill({ signal: 'SIGKILL' });
        await container.wait();
        await container.start();
        await listens(port, container.id);
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Someone accepts connections at the address; right after a crash, it may still read its log of writes. */
const listens = (port: number, id: string) =>
  eventually('PostgreSQL listens', 60, async () => {
    const socket = connect({ host, port });
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw new Error(await lastLines(id, 30), { cause: error });
    } finally {
      socket.destroy();
    }
  });
