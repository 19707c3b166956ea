import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findTemporal,
  freePort,
  startTemporalServer,
  type TemporalServer,
} from '../../../cli/servers/temporal-server.ts';
import type { PlatformStatus } from '../../../domain/status/status-page.ts';
import { engine } from '../../../stack/engine.ts';
import { untilHealthy } from '../../../stack/wait.ts';
import { samplesOf } from '../../systems/gateway/samples.ts';
import { useVariants } from '../faults-tools/variants.ts';
import { useScenario, type WorkerProcess } from '../harness/index.ts';
import { type Answer, monitor, serve, type Served } from './gateway-process.ts';

// What a monitor sees at the gateway while backups pass and fail, age, and while what the gateway asks goes away. With a
// Temporal of its own, which is stopped here, and a part of the catalogue of its own, which begins empty.

export let scenario: ReturnType<typeof useScenario>;
export let variants: ReturnType<typeof useVariants>;
export const answerWithinSeconds = 6;
export let name: string;
export let folder: string;
export let temporal: TemporalServer;
let worker: WorkerProcess | undefined;
export let gateway: Served<{ gateway: { url: string } }>;
export let asked: ReturnType<typeof monitor>;
export let ports: { port: number; uiPort: number };
const undo: (() => Promise<unknown>)[] = [];

type Edit = Parameters<ReturnType<typeof useVariants>['write']>[0];
export const write = (edit: Edit = () => undefined) =>
  variants.write((file) => {
    file.catalogue['prefix'] = 'status';
    edit(file);
  });
export const reach = () => ({ TEMPORAL_ADDRESS: temporal.address });
/** With time enough for a machine that is busy with other things. */
export const rekindle = (...args: string[]) =>
  scenario.rekindle(args, { environment: { ...reach(), REKINDLE_PLATFORMS: variants.folder }, withinSeconds: 220 });

export async function startTemporal(): Promise<void> {
  const databaseFile = join(folder, 'temporal.db');
  temporal = await startTemporalServer({ command: findTemporal(process.env), databaseFile, ...ports });
}

/** The gateway, and what it asks, for the file of tests that calls it. */
export function useStatus(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    folder = await mkdtemp(join(tmpdir(), `${name}-status-`));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    ports = { port: await freePort(0), uiPort: await freePort(0) };
    await startTemporal();
    undo.push(() => temporal.stop());
    await write();
    gateway = await serve(['gateway'], {
      ...scenario.environment,
      ...reach(),
      REKINDLE_PLATFORMS: variants.folder,
      REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
    });
    undo.push(() => gateway.stop());
    asked = monitor(gateway.document.gateway.url);
  });

  afterAll(async () => {
    await killWorker();
    for (const step of undo.toReversed()) await step();
    const { platform } = scenario;
    if (!(await engine().getContainer(platform.s3.container).inspect()).State.Running) await platform.s3.start();
    await untilHealthy(platform);
  });
}

export async function startWorker(): Promise<void> {
  worker = await variants.startWorker(reach());
}

export async function killWorker(): Promise<void> {
  await worker?.kill();
  worker = undefined;
}

export const stateOf = ({ json }: Answer) => (json as PlatformStatus).Rekindle.state;
export const pageOf = ({ json }: Answer) => json as PlatformStatus;
export async function metrics(): Promise<(metric: string, labels?: string) => number | undefined> {
  const samples = samplesOf((await asked.get('/metrics')).text);
  return (metric, labels = '') => samples.get(`rekindle_${metric}{platform="${name}"${labels}}`);
}
