import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { findTemporal, freePort, startTemporalServer } from '../../cli/servers/temporal-server.ts';
import { askFleet, startFleet } from '../../client/fleets.ts';
import { listExecutions } from '../../client/runs.ts';
import { serve, type Served } from '../command.ts';
import { residentMegabytes } from '../resident-memory.ts';
import { processorSeconds } from '../processor-time.ts';
import { hosts } from './simulated-activities.ts';

const atOnce = 20;
const waveSize = 100;
const limits = { secondsEach: 0.5, events: 5000, megabytes: 400 };

interface Measured {
  platforms: number;
  seconds: number;
  /** Processor time of both workers together. */
  processorSeconds: number;
  /** The longest history of any workflow, and whose. */
  longest: { events: number; type: string };
  executions: number;
  /** The highest of either worker. */
  megabytes: number;
}

/** Restores simulated fleets of these sizes, one after the other, with two workers and a Temporal, each a process of its own. */
export async function benchFleet(sizes: readonly number[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-bench-'));
  const server = await startTemporalServer({
    command: findTemporal(process.env),
    port: await freePort(0),
    uiPort: await freePort(0),
  });
  const workers: Served[] = [];
  try {
    for (const host of hosts) workers.push(await startWorkerOn(host, server.address, folder));
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection });
    const measured: Measured[] = [];
    for (const platforms of sizes) {
      const one = await measure(client, workers, platforms);
      console.log(line(one));
      measured.push(one);
    }
    await connection.close();
    console.log(verdict(measured));
  } finally {
    for (const worker of workers) await worker.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startWorkerOn(host: string, address: string, folder: string): Promise<Served> {
  const program = fileURLToPath(new URL('worker-process.js', import.meta.url));
  const environment = {
    TEMPORAL_ADDRESS: address,
    REKINDLE_HOST: host,
    REKINDLE_PLATFORMS: folder,
    REKINDLE_STATE: folder,
    REKINDLE_LOG_LEVEL: 'silent',
  };
  return serve([process.execPath, program], { environment, ready: 'working', seconds: 60 });
}

async function measure(client: Client, workers: readonly Served[], count: number): Promise<Measured> {
  const fleet = `bench-${count}`;
  const platforms = Array.from({ length: count }, (_, index) => `${fleet}-${String(index + 1).padStart(5, '0')}`);
  const processor = () => Promise.all(workers.map(({ pid }) => processorSeconds(pid)));
  const before = sum(await processor());
  let megabytes = 0;
  const look = async () => {
    for (const { pid } of workers) megabytes = Math.max(megabytes, await residentMegabytes(pid));
  };
  const looking = setInterval(() => void look().catch(() => undefined), 500);
  const began = performance.now();
  try {
    await startFleet(client, 'rekindle', {
      fleet,
      platforms,
      canaries: platforms.slice(0, 1),
      limits: { overall: atOnce },
      stopWhenFailed: { count: 1 },
      waveSize,
      approval: 'wave',
      restore: {},
      approvedBy: 'bench',
      startedBy: { how: 'command line', name: 'bench' },
    });
    await Promise.race([client.workflow.getHandle(`fleet/${fleet}`).result(), notHeld(client, fleet), interrupted]);
  } finally {
    clearInterval(looking);
  }
  const seconds = (performance.now() - began) / 1000;
  await look();
  const used = sum(await processor()) - before;
  return { platforms: count, seconds, processorSeconds: used, megabytes, ...(await histories(client, fleet)) };
}

/** A fleet that is held would wait for a person. Ends the bench then, with what failed. */
async function notHeld(client: Client, fleet: string): Promise<never> {
  for (;;) {
    await pause(2000, undefined, { ref: false });
    const { phase, note, members } = await askFleet(client, fleet);
    const failed = members.find(({ state }) => state === 'failed' || state === 'inconclusive');
    if (phase === 'held') throw new Error(`${note ?? ''}: ${failed?.platform ?? ''}: ${failed?.reason ?? ''}`);
  }
}

/** On Ctrl-C, what was started is ended first. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error('Interrupted')));
});
interrupted.catch(() => undefined);

/** Of all workflows of this Temporal: those of earlier sizes are smaller. Its lists lag behind, so the fleet's own end is waited for. */
async function histories(client: Client, fleet: string): Promise<Pick<Measured, 'longest' | 'executions'>> {
  const end = `WorkflowId = "fleet/${fleet}" AND ExecutionStatus = "Completed"`;
  for (let tries = 120; tries > 0 && (await client.workflow.count(end)).count === 0; tries -= 1) await pause(500);
  let longest = { events: 0, type: '' };
  let executions = 0;
  for await (const { historyLength, type } of listExecutions(client, 'ExecutionStatus != "Running"')) {
    executions += 1;
    if (historyLength > longest.events) longest = { events: historyLength, type };
  }
  return { longest, executions };
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

function line({ platforms, seconds, processorSeconds: used, longest, megabytes }: Measured): string {
  return [
    `${String(platforms).padStart(5)} platforms`,
    `${seconds.toFixed(1).padStart(7)} s`,
    `${(seconds / platforms).toFixed(3)} s each`,
    `workers' processor time ${(used / platforms).toFixed(3)} s each`,
    `longest history ${longest.events} events (${longest.type})`,
    `worker ${megabytes.toFixed(0)} MB`,
  ].join('   ');
}

/** Against the aims; which of them a busy machine misses says the line itself. */
function verdict(measured: readonly Measured[]): string {
  const largest = measured.at(-1);
  const smallest = measured[0];
  if (largest === undefined || smallest === undefined) return '';
  const each = largest.seconds / largest.platforms;
  const grows = each / (smallest.seconds / smallest.platforms);
  const say = (what: string, isMet: boolean) => `${isMet ? 'met   ' : 'missed'} ${what}`;
  return [
    say(`at most ${limits.secondsEach} s a platform: ${each.toFixed(3)} s`, each <= limits.secondsEach),
    say(`no history above ${limits.events} events: ${largest.longest.events}`, largest.longest.events <= limits.events),
    say(
      `a worker below ${limits.megabytes} MB: ${largest.megabytes.toFixed(0)} MB`,
      largest.megabytes < limits.megabytes,
    ),
    say(
      `time grows no faster than the number: from ${smallest.platforms} to ${largest.platforms} platforms, ${grows.toFixed(2)} times the time for each`,
      grows <= 1,
    ),
  ].join('\n');
}
