import { Client, Connection } from '@temporalio/client';
import { readEnvironment } from '../config/environment.ts';
import { readDataConverter } from '../config/payload-encryption/data-converter.ts';
import { elasticsearchClient, elasticsearchUrl } from '../stack/clients.ts';
import { incompressible } from '../stack/seed-content.ts';
import { say, withRekindle, withRig, type Rekindle, type Rig } from './rig.ts';
import { median } from './timeline.ts';
import { passedReport } from './passed-report.ts';

const MEGABYTE = 1e6;
const GIGABYTE = 1e9;
const TELEMETRY = 'nuvla-telemetry';
const REPOSITORY = 's3_backup';
/** Slow jobs: what the platform itself writes meanwhile stays small. */
const JOB_MILLISECONDS = 1_000;
/** The aim: so much more than the bare call, and so much of its time. */
const ALLOWED = { seconds: 1, share: 0.05 };

/** Seconds of one snapshot by one way, and the bytes that it added to the repository. */
interface Taken {
  seconds: number;
  newBytes: number;
}
interface TakenByRekindle extends Taken {
  /** The command line's, from its start to its end. */
  command: number;
  steps: Map<string, number>;
}

/**
 * How long a backup takes compared with the bare call of the snapshot API, in turns, on one platform, into one repository. Before
 * each, the same amount of text that does not compress is written, so that both have equally much to add. A backup's time
 * is that of its workflow, from start to end, as Temporal recorded it.
 */
export async function benchBackup({
  rounds,
  gigabytes,
  growMegabytes,
}: {
  rounds: number;
  gigabytes: number;
  growMegabytes: number;
}): Promise<void> {
  const seed = { incompressibleBytes: Math.max(gigabytes * GIGABYTE, MEGABYTE) };
  await withRig({ seed, jobMilliseconds: JOB_MILLISECONDS }, (rig) =>
    withRekindle(rig, async (rekindle) => {
      // Registers the repository and takes what both would otherwise find new.
      await byRekindle(rig, rekindle);
      await bare(rig, 0);
      const bares: Taken[] = [];
      const backups: TakenByRekindle[] = [];
      for (let round = 1; round <= rounds; round++) {
        const ways = [
          async () => bares.push(await bare(rig, round)),
          async () => backups.push(await byRekindle(rig, rekindle)),
        ];
        for (const [place, way] of (round % 2 === 1 ? ways : ways.toReversed()).entries()) {
          rig.signal.throwIfAborted();
          await grow(rig, growMegabytes, `round ${round} ${place}`);
          await way();
        }
        say(`round ${round}: ${told('bare', bares.at(-1))}, ${told('rekindle', backups.at(-1))}`);
      }
      conclude(bares, backups);
    }),
  );
}

const told = (way: string, taken: Taken | undefined) =>
  `${way} ${taken?.seconds.toFixed(2)} s (${((taken?.newBytes ?? NaN) / MEGABYTE).toFixed(1)} MB new)`;

/** As an operator's cron line calls it. */
async function bare({ platform }: Rig, round: number): Promise<Taken> {
  const snapshot = `bare-${round}`;
  const url = `${await elasticsearchUrl(platform)}/_snapshot/${REPOSITORY}/${snapshot}`;
  const began = performance.now();
  const answer = await fetch(`${url}?wait_for_completion=true`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ indices: 'nuvla-*', include_global_state: true, feature_states: ['none'] }),
  });
  const { snapshot: taken } = (await answer.json()) as { snapshot?: { state: string } };
  const seconds = (performance.now() - began) / 1000;
  if (taken?.state !== 'SUCCESS') throw new Error(`The bare snapshot ended as ${String(taken?.state)}`);
  return { seconds, newBytes: await newBytesOf(platform, snapshot) };
}

async function byRekindle({ platform }: Rig, { rekindle, temporalAddress }: Rekindle): Promise<TakenByRekindle> {
  const { stdout, seconds: command } = await rekindle(['backup', platform.project, '--json']);
  const report = passedReport(stdout);
  const steps = new Map(
    report.steps.map(({ id, startedAt = '', finishedAt = '' }) => [
      id,
      (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
    ]),
  );
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const dataConverter = await readDataConverter(readEnvironment().payloadKeyFile);
    const handle = new Client({ connection, dataConverter }).workflow.getHandle(report.run);
    await handle.result();
    const { startTime, closeTime } = await handle.describe();
    const seconds = ((closeTime?.getTime() ?? NaN) - startTime.getTime()) / 1000;
    const newBytes = await newBytesOf(platform, `snapshot.${report.recoveryPoint?.id ?? ''}`);
    return { seconds, newBytes, command, steps };
  } finally {
    await connection.close();
  }
}

async function newBytesOf(platform: Rig['platform'], snapshot: string): Promise<number> {
  const client = await elasticsearchClient(platform);
  try {
    const { snapshots } = await client.snapshot.status({ repository: REPOSITORY, snapshot });
    return Number(snapshots[0]?.stats.incremental.size_in_bytes);
  } finally {
    await client.close();
  }
}

/** New documents, flushed, so that neither way finds more to do than the other. */
async function grow({ platform }: Rig, megabytes: number, seed: string): Promise<void> {
  const client = await elasticsearchClient(platform);
  try {
    const lines: object[] = [];
    for (const document of incompressible(megabytes * MEGABYTE, seed)) lines.push({ create: {} }, document);
    for (let start = 0; start < lines.length; start += 200) {
      const { errors } = await client.bulk({ index: TELEMETRY, operations: lines.slice(start, start + 200) });
      if (errors) throw new Error('The growth was not written');
    }
    await client.indices.flush({ index: 'nuvla-*', expand_wildcards: 'open', wait_if_ongoing: true });
  } finally {
    await client.close();
  }
}

function conclude(bares: Taken[], backups: TakenByRekindle[]): void {
  const bareSeconds = median(bares.map(({ seconds }) => seconds));
  const backupSeconds = median(backups.map(({ seconds }) => seconds));
  const overhead = backupSeconds - bareSeconds;
  const allowed = ALLOWED.seconds + ALLOWED.share * bareSeconds;
  say(`\nMedians of ${bares.length} rounds, seconds`);
  say(`bare call       ${bareSeconds.toFixed(2)}`);
  say(`rekindle        ${backupSeconds.toFixed(2)}   (workflow, start to end)`);
  say(
    `command line    ${median(backups.map(({ command }) => command)).toFixed(2)}   (the same, with the program's start and its asking)`,
  );
  for (const id of backups[0]?.steps.keys() ?? [])
    say(`  ${id.padEnd(20)} ${median(backups.map(({ steps }) => steps.get(id) ?? NaN)).toFixed(2)}`);
  say(`\nbackup overhead: ${overhead.toFixed(2)} s, ${((100 * overhead) / bareSeconds).toFixed(0)} % of the bare call`);
  say(`within 1 s + 5 % (${allowed.toFixed(2)} s): ${overhead <= allowed ? 'yes' : 'no'}`);
}
