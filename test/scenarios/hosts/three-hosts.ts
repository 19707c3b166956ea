import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../../../stack/engine.ts';
import { bringImages, inside, startHosts, type Hosts } from './engines.ts';
import { imagesOf, writePlatform } from './platform.ts';
import { openWire, type OnTheWire } from './wire.ts';

const run = promisify(execFile);

/** A platform on three hosts, with its S3 server and Temporal on the wire between them. */
export interface ThreeHosts extends Hosts, OnTheWire {
  platform: string;
  compose(name: string, args: string[]): Promise<void>;
  /** A request to the database or the API; the parsed answer. */
  ask(path: string, options?: { method?: string; body?: unknown; port?: number; on?: string }): Promise<unknown>;
}

export async function openThreeHosts(): Promise<ThreeHosts> {
  const id = `rkh${randomBytes(2).toString('hex')}`;
  const platform = `${id}-demo`;
  const hosts = await startHosts(id, ['a', 'b', 'c']);
  const { wire, folder } = hosts;
  let onTheWire: OnTheWire | undefined;
  const end = async () => {
    await onTheWire?.end();
    await hosts.end();
  };
  try {
    onTheWire = await openWire(hosts, platform);
    const { host } = onTheWire;
    const three: ThreeHosts = {
      ...hosts,
      ...onTheWire,
      platform,
      end,
      async compose(name, args) {
        const cwd = join(folder, 'compose', name);
        const env = { ...process.env, DOCKER_HOST: host(name).dockerHost };
        await run('docker-compose', ['--project-name', platform, ...args], { cwd, env });
      },
      async ask(path, { method = 'GET', body, port = 9200, on = 'a' } = {}) {
        const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
        const url = `http://${host(on).address}:${port}${path}`;
        const curl = ['curl', '-sS', '-m', '10', '-f', '-X', method, ...data, url];
        const [file = '', ...args] = inside(wire.namespace, curl);
        return JSON.parse((await run(file, args)).stdout) as unknown;
      },
    };
    await Promise.all([
      writePlatform(hosts, platform, three.s3),
      ...hosts.hosts.map((each) => bringImages(each, imagesOf[each.name] ?? [])),
    ]);
    await Promise.all(['a', 'b', 'c'].map((name) => three.compose(name, ['up', '-d'])));
    await eventually('the platform is healthy', 90, () => three.ask('/healthz', { port: 8080, on: 'c' }));
    return three;
  } catch (error) {
    await end();
    throw error;
  }
}
