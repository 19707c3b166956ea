import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { findTemporal } from '../../../cli/servers/temporal-server.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { findComposeTool } from '../../../stack/compose-tool.ts';
import { stackFile } from '../../../stack/files.ts';
import { platformFileText } from '../../../stack/platform-file.ts';
import { shaped } from '../../../stack/shapes.ts';
import { expecting } from '../../expecting.ts';
import { docker, type Host } from '../hosts/engines.ts';
import { untilItSays, versityGateway } from '../hosts/on-the-wire.ts';
import type { CommandEnd, Processes, Started } from '../hosts/processes.ts';
import { inside } from '../hosts/wire.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../../bin/rekindle.mjs', import.meta.url));

/** What a platform of the shape `stores` is made of. */
export const images = ['elasticsearch:8.19.0', 'zookeeper:3.9.4', 'core:1', 'postgresql:15', 'etcd:3'].map(
  (image) => `rekindle-stack/${image}`,
);

/** A host with an engine, an S3 server and a Temporal of its own, and nothing on them. */
export interface Machine {
  host: Host;
  s3: { endpoint: string; accessKey: string; secretKey: string };
  rekindle: (args: string[]) => Promise<CommandEnd>;
  /** The same with `--json`, which must end with 0: what it printed. */
  demand: (args: string[]) => Promise<unknown>;
  startWorker: () => Promise<Started>;
  /** A command in a service's container, which must end with 0: what it printed. */
  run: (service: string, command: string[]) => Promise<string>;
  /** A request to a service on the platform's own network; the parsed answer. */
  ask: (service: string, path: string, options?: { method?: string; body?: unknown }) => Promise<unknown>;
}

interface MachineOptions {
  /** Of Rekindle: platform files and state. */
  home: string;
  keyFile: string;
  project: string;
  bucket: string;
}

const ports: Record<string, number> = { elasticsearch: 9200, api: 8080 };

export async function openMachine(
  host: Host,
  { home, keyFile, project, bucket }: MachineOptions,
  processes: Processes,
): Promise<Machine> {
  const s3 = {
    endpoint: `http://${host.address}:7070`,
    accessKey: randomBytes(10).toString('hex'),
    secretKey: randomBytes(20).toString('hex'),
  };
  const environment = {
    DOCKER_HOST: host.dockerHost,
    REKINDLE_PLATFORMS: join(home, 'platforms'),
    REKINDLE_STATE: join(home, 'state'),
    REKINDLE_KEY_FILE: keyFile,
    REKINDLE_LOG_LEVEL: 'warn',
    REKINDLE_TASK_QUEUE: project,
    TEMPORAL_ADDRESS: `${host.address}:7233`,
    AWS_ACCESS_KEY_ID: s3.accessKey,
    AWS_SECRET_ACCESS_KEY: s3.secretKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  await mkdir(environment.REKINDLE_PLATFORMS, { recursive: true });
  await mkdir(join(home, 's3', bucket), { recursive: true });
  const gateway = [versityGateway, '--port', `${host.address}:7070`, 'posix', join(home, 's3')];
  processes.start(inside(host, gateway), { ROOT_ACCESS_KEY: s3.accessKey, ROOT_SECRET_KEY: s3.secretKey });
  const temporal = [findTemporal(process.env), 'server', 'start-dev', '--headless', '--ip', '0.0.0.0'];
  processes.start(inside(host, [...temporal, '--log-level', 'error']));

  const start = (args: string[]) => processes.start(inside(host, [process.execPath, program, ...args]), environment);
  const rekindle = (args: string[]) => start(args).ended;
  const containerOf = (service: string) =>
    docker(host, ['ps', '--quiet', '--latest', '--filter', `label=com.docker.compose.service=${service}`]);
  return {
    host,
    s3,
    rekindle,
    async demand(args) {
      const { exitCode, text, json } = await rekindle([...args, '--json']);
      expecting(exitCode, text).toBe(0);
      return json;
    },
    async startWorker() {
      const worker = start(['worker']);
      await untilItSays(worker, /serves/);
      return worker;
    },
    run: async (service, command) => docker(host, ['exec', await containerOf(service), ...command]),
    async ask(service, path, { method = 'GET', body } = {}) {
      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
      const address = await docker(host, ['inspect', '--format', format, await containerOf(service)]);
      const data = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
      const url = `http://${address}:${ports[service] ?? 80}${path}`;
      const [file = '', ...words] = inside(host, ['curl', '-sS', '-m', '20', '-f', '-X', method, ...data, url]);
      return JSON.parse((await run(file, words)).stdout) as unknown;
    },
  };
}

/** Writes a platform's folder as its operator has it, with the platform file, and starts it on the machine. */
export async function bringUpOn(
  { host, s3 }: Machine,
  { folder, project, platforms }: { folder: string; project: string; platforms: string },
): Promise<void> {
  await writeSecrets(folder, s3);
  await writeFile(join(folder, 'compose.yaml'), shaped(await readFile(stackFile('compose.yaml'), 'utf8'), 'stores'));
  const variables = { S3_ENDPOINT: s3.endpoint, POSTGRES_PASSWORD: randomBytes(18).toString('hex') };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(folder, '.env'), lines.join(''));
  const buckets = { repository: 'lost', catalogue: 'lost' };
  const text = platformFileText({ name: project, project, folder, shape: 'stores', s3, buckets });
  await writeFile(join(platforms, `${project}.yaml`), text);
  const [file, ...words] = await findComposeTool();
  const env = { ...process.env, DOCKER_HOST: host.dockerHost };
  await run(file, [...words, '--project-name', project, 'up', '--detach'], { cwd: folder, env });
}

/** The files that the platform file names, from the safe in which they lie. */
export async function writeSecrets(
  folder: string,
  { accessKey, secretKey }: { accessKey: string; secretKey: string },
): Promise<void> {
  const files = { s3_access_key: accessKey, s3_secret_key: secretKey };
  for (const [name, value] of Object.entries(files)) {
    const file = join(folder, 'secrets', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, value, { mode: 0o644 });
  }
}

export const passed = (progress: unknown): void =>
  expect(progress as RunProgress).toMatchObject({ phase: 'passed', verdict: 'pass' });
