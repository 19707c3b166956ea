import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findComposeTool } from '../../../stack/compose-tool.ts';
import { eventually } from '../../../stack/engine.ts';
import { listensWithTls, writeHostsFile, type Scheme } from './endpoints.ts';
import { docker, startHosts, type Host, type Hosts } from './engines.ts';
import { inventoryOf, type Inventory } from './inventory.ts';
import { openOnTheWire, type OnTheWire, type WorkerOptions } from './on-the-wire.ts';
import { imagesOf, writePlatform } from './platform.ts';
import { makeProcesses } from './processes.ts';
import { inside } from './wire.ts';

export { possible } from './on-the-wire.ts';

const run = promisify(execFile);

/** A platform on three hosts, with its S3 server and Temporal on the wire between them. `startWorker('a')` serves hosts without one, too. */
export interface ThreeHosts extends Hosts, Omit<OnTheWire, 's3'> {
  platform: string;
  /** `up --detach` on every host; it changes nothing where all is up to date. */
  composeUp(): Promise<void>;
  containerOf(host: string, service: string): Promise<string>;
  /** A request to the database; the parsed answer. */
  ask(path: string, options?: { method?: string; body?: unknown }): Promise<unknown>;
  /** A request to the API on b, through the front on c. */
  askApi(path: string, body?: unknown): Promise<unknown>;
  inventories(): Promise<Record<string, Inventory>>;
}

/** `endpoints`: the hosts that have no worker of their own, which a's serves. */
export async function openThreeHosts(endpoints: Record<string, Scheme> = {}): Promise<ThreeHosts> {
  const id = `rkh${randomBytes(2).toString('hex')}`;
  const platform = `${id}-demo`;
  const processes = makeProcesses();
  const hosts = await startHosts(id, {
    images: imagesOf,
    listens: (host, folder) => Promise.resolve(endpoints[host.name] === 'tls' ? listensWithTls(host, folder) : []),
  });
  const { wire, folder } = hosts;
  const end = async () => {
    await processes.end();
    await hosts.end();
  };
  const curl = async (words: string[]) => {
    const [file = '', ...args] = inside(wire, ['curl', '-sS', '-m', '10', '-f', ...words]);
    return (await run(file, args)).stdout;
  };
  try {
    const { s3, host, startWorker, ...onTheWire } = await openOnTheWire(hosts, platform, processes);
    let hostsFile: Record<string, string> = {};
    const three: ThreeHosts = {
      ...hosts,
      ...onTheWire,
      platform,
      host,
      end,
      startWorker: (name, options: WorkerOptions = {}) =>
        startWorker(name, { ...options, environment: { ...(name === 'a' && hostsFile), ...options.environment } }),
      async composeUp() {
        const [file, ...words] = await findComposeTool();
        await Promise.all(
          hosts.hosts.map(async ({ name, dockerHost }) => {
            const cwd = join(folder, 'compose', name);
            const env = { ...process.env, DOCKER_HOST: dockerHost };
            await run(file, [...words, '--project-name', platform, 'up', '--detach'], { cwd, env });
          }),
        );
      },
      containerOf: (name, service) =>
        docker(host(name), ['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.service=${service}`]),
      async ask(path, { method = 'GET', body } = {}) {
        const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
        return JSON.parse(await curl(['-X', method, ...data, `http://${host('a').address}:9200${path}`])) as unknown;
      },
      async askApi(path, body) {
        const asking = `const [path, body] = process.argv.slice(1);
          const answer = await fetch('http://127.0.0.1:8080' + path, body ? { method: 'POST', body } : {});
          if (!answer.ok) throw new Error(await answer.text());
          console.log(await answer.text());`;
        const front = await three.containerOf('c', 'web');
        const words = ['node', '--input-type=module', '--eval', asking, path, ...(body ? [JSON.stringify(body)] : [])];
        return JSON.parse(await docker(host('c'), ['exec', front, ...words])) as unknown;
      },
      async inventories() {
        const found = hosts.hosts.map(async (each) => [each.name, await inventoryOf(each)] as const);
        return Object.fromEntries(await Promise.all(found));
      },
    };
    await writePlatform(hosts, { name: platform, s3, workerAtQueue: endpoints['b'] === undefined });
    const unserved = hosts.hosts.flatMap((each): [Host, Scheme][] => {
      const scheme = endpoints[each.name];
      return scheme ? [[each, scheme]] : [];
    });
    if (unserved.length > 0) hostsFile = { REKINDLE_HOSTS_FILE: await writeHostsFile(unserved, folder, processes) };
    await three.composeUp();
    await eventually('the platform is healthy', 300, () => curl([`http://${host('b').address}:8080/healthz`]));
    await three.askApi('/healthz');
    return three;
  } catch (error) {
    await end();
    throw error;
  }
}
