import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import type { RunProgress } from '../../domain/runs/progress.ts';
import { elasticsearchClient } from '../../stack/clients.ts';
import type { Client } from '../../systems/elasticsearch/client.ts';
import { demandDefaultThrottle, demandDocuments } from '../rates.ts';
import { say, withRekindle, withRig, type Rekindle } from '../rig.ts';
import { withDestination } from './destination.ts';
import { byScroll, bySnapshot } from './ways.ts';
import { passedReport } from '../passed-report.ts';

const INDEX = 'nuvla-telemetry';
/** Of both clusters: as servers have it, with the compiler that the stack leaves out since it makes a start slower. */
const JAVA = '-Xms1024m -Xmx1024m -XX:TieredStopAtLevel=4';
/** Of the documents, that the script copies: the whole would take as long as all else together. */
const SCROLLED_SHARE = 0.1;

const OVERRIDES = `services:
  elasticsearch:
    environment:
      ES_JAVA_OPTS: ${JAVA}
`;

/**
 * One index of text that does not compress, from one cluster to another: as the old tool did it, by `rekindle copy
 * --new-backup` with all that belongs to it (Temporal, the whole platform's backup, verification on both sides), and
 * document by document. All start from nothing in the bucket and on the destination. Then once more from the recovery point that is
 * there, as from that of the last night: no snapshot is needed.
 */
export async function benchCopy(gigabytes: number): Promise<void> {
  await withRig({ seed: { incompressibleBytes: gigabytes * 1e9 }, overrides: OVERRIDES }, async (rig) => {
    const { platform, signal } = rig;
    await raiseSnapshotThrottle(platform.platformFile);
    const source = await elasticsearchClient(platform);
    try {
      await withDestination(platform, JAVA, ({ platform: to, client: destination }) =>
        withRekindle(rig, async ({ rekindle }) => {
          const { count: documents } = await source.count({ index: INDEX });
          const between = { source, destination, index: INDEX, documents };
          const defaults = () => Promise.all([source, destination].map(demandDefaultThrottle));
          await defaults();
          const { bucket, endpoint } = { bucket: platform.buckets.repository, endpoint: platform.s3.endpoint };
          const settings = { bucket, endpoint, path_style_access: 'true', base_path: 'old-tool' };
          const old = await bySnapshot(between, settings);
          say(`the old tool's way: ${old.whole.toFixed(1)} s, of which the snapshot ${old.snapshot.toFixed(1)} s`);

          const copyAnew = async (...more: string[]) => {
            signal.throwIfAborted();
            await emptied(destination);
            const args = ['copy', platform.project, to, '--indices', INDEX, ...more, '--yes', '--json'];
            const { seconds, stdout } = await rekindle(args);
            const report = passedReport(stdout);
            await demandDocuments(destination, INDEX, documents);
            await defaults();
            return { seconds, report };
          };
          const { seconds, report } = await copyAnew('--new-backup');
          say(`rekindle copy --new-backup: ${seconds.toFixed(1)} s; throttles back at the default on both sides`);
          say(await whereTimeWent(rekindle, report, seconds));
          const again = await copyAnew();
          say(`rekindle copy, from the point that is there: ${again.seconds.toFixed(1)} s`);

          signal.throwIfAborted();
          await emptied(destination);
          const share = Math.ceil(documents * SCROLLED_SHARE);
          const scrolled = (await byScroll(between, share)) / (share / documents);
          say(`scroll and bulk: ${scrolled.toFixed(1)} s, extrapolated from ${share} of ${documents} documents`);

          say(`${gigabytes} GB in 3 shards, ${documents} documents`);
          say(`ratio copy to the old tool's way: ${(old.whole / seconds).toFixed(1)}`);
          say(
            `ratio copy from the point that is there to the old tool's way: ${(old.whole / again.seconds).toFixed(1)}`,
          );
          say(`ratio copy to scroll and bulk: ${(scrolled / seconds).toFixed(1)}`);
        }),
      );
    } finally {
      await source.close();
    }
  });
}

/** Each step of the backup and of the copy with its seconds, and what lies between and around them. */
async function whereTimeWent(rekindle: Rekindle['rekindle'], copy: RunProgress, seconds: number): Promise<string> {
  const { stdout } = await rekindle(['runs', '--json']);
  const { runs } = JSON.parse(stdout) as { runs: { id: string }[] };
  const run = runs.find(({ id }) => id.startsWith('backup/'))?.id ?? '';
  const backup = JSON.parse((await rekindle(['report', run, '--json'])).stdout) as RunProgress;
  const lasted = ({ startedAt = '', finishedAt = '' }: { startedAt?: string; finishedAt?: string }) =>
    (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const stepsOf = ({ steps }: RunProgress) => steps.map((step) => `${step.id} ${lasted(step).toFixed(2)}`).join(', ');
  const [first] = copy.steps;
  const before = lasted({ startedAt: copy.startedAt, finishedAt: first?.startedAt });
  return [
    `  command line, start and end: ${(seconds - lasted(copy)).toFixed(2)} s`,
    `  backup: ${lasted(backup).toFixed(2)} s (${stepsOf(backup)})`,
    `  locks and plan: ${(before - lasted(backup)).toFixed(2)} s`,
    `  copy, from its first step: ${(lasted(copy) - before).toFixed(2)} s (${stepsOf(copy)})`,
  ].join('\n');
}

/** The file's own key for it: without, a repository writes at 40 MB/s, whoever takes the snapshot. */
async function raiseSnapshotThrottle(platformFile: string): Promise<void> {
  const file = parse(await readFile(platformFile, 'utf8')) as { stores: Record<string, unknown>[] };
  Object.assign(file.stores[0] ?? {}, { snapshotThrottle: '2gb' });
  await writeFile(platformFile, stringify(file, { aliasDuplicateObjects: false }));
}

async function emptied(destination: Client): Promise<void> {
  await destination.indices.delete({ index: INDEX });
}
