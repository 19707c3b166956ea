import Docker from 'dockerode';
import { randomBytes, randomInt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findComposeTool, runCompose } from '../../../stack/compose-tool.ts';
import type { Deployment } from '../../../domain/platform.ts';
import type { ContainerReference } from '../../../domain/plans/step-arguments.ts';
import type { ObservedDeployment } from '../../../domain/deployment.ts';
import type { Failure } from '../../../domain/failures.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';

export const image = 'rekindle-stack/node:26';
export const docker = new Docker();
export const engine = connectDocker();

export function uniqueName(): string {
  return `rkt-${randomBytes(4).toString('hex')}`;
}

// Whoever looks whether the port answers may hang up at once: that must not end the server.
const serve = `require('net').createServer((s) => s.on('error', () => s.destroy()).end('hello')).listen(7000)`;

/** A small platform: a database with secrets, a health check and all kinds of volumes, and two replicas of a worker. */
function composeFile(): string {
  const subnet = `10.${randomInt(200, 250)}.${randomInt(256)}`;
  return `
version: '3.8'
services:
  db:
    image: ${image}
    init: true
    restart: always
    command: [node, -e, "${serve}"]
    environment: { TOKEN: 'a$$b "c"', EMPTY: '' }
    healthcheck: { test: [CMD, node, -e, "process.exit(0)"], interval: 1s, start_period: 1s }
    secrets: [token]
    volumes: ['data:/data', '/anonymous', './settings.conf:/etc/settings.conf:ro']
    networks:
      back: { aliases: [database], ipv4_address: ${subnet}.40 }
      side: {}
    logging: { driver: json-file, options: { max-size: 1m } }
    ulimits: { nofile: 5000 }
    stop_grace_period: 3s
  worker:
    image: ${image}
    init: true
    restart: on-failure
    command: [node, -e, "setInterval(() => {}, 1000)"]
    networks: [back]
    volumes: ['./conf:/conf:ro', './large:/large:ro']
    labels: { team: blue }
    deploy: { replicas: 2 }
volumes:
  data: {}
networks:
  back: { attachable: true, ipam: { config: [{ subnet: ${subnet}.0/24 }] } }
  side: {}
secrets:
  token: { file: ./token.txt }
`;
}

export interface TestPlatform {
  project: string;
  folder: string;
  deployment: Deployment;
  /** What the Compose tool wrote; throws when it failed. */
  compose: (...words: string[]) => Promise<string>;
  remove: () => Promise<void>;
}

export async function bringUpPlatform(): Promise<TestPlatform> {
  const project = uniqueName();
  const folder = await mkdtemp(join(tmpdir(), 'rkt-'));
  await writeFile(join(folder, 'compose.yaml'), composeFile());
  await writeFile(join(folder, 'token.txt'), 'top secret\n');
  await chmod(join(folder, 'token.txt'), 0o640);
  await writeFile(join(folder, 'settings.conf'), 'colour=blue\n');
  await mkdir(join(folder, 'conf', 'deep'), { recursive: true });
  await writeFile(join(folder, 'conf', 'deep', 'rules.txt'), 'be kind\n');
  await mkdir(join(folder, 'large'));
  await writeFile(join(folder, 'large', 'index.bin'), Buffer.alloc(2 * 1024 * 1024));
  const tool = await findComposeTool();
  const compose = async (...words: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCompose(tool, folder, project, words);
    if (exitCode !== 0) throw new Error(`compose ${words.join(' ')}: ${stderr}`);
    return stdout + stderr;
  };
  const platform: TestPlatform = {
    project,
    folder,
    deployment: {
      kind: 'compose',
      project,
      data: ['db'],
      core: ['worker'],
      alsoStop: [],
      volumes: {},
      stopGraceSeconds: 3,
      healthTimeoutSeconds: 30,
      settleSeconds: 1,
    },
    compose,
    remove: async () => {
      await compose('down', '-v', '-t', '0');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await compose('up', '-d').catch(async (error: unknown) => {
    await platform.remove();
    throw error;
  });
  return platform;
}

export function references({ containers }: ObservedDeployment, service?: string): ContainerReference[] {
  return containers
    .filter((container) => service === undefined || container.service === service)
    .map(({ name, restartPolicy }) => ({ name, restartPolicy }));
}

/** The failure with which the work must end. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it did not fail');
}
