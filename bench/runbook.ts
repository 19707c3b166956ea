import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { benchFile } from './files.ts';
import type { Rig } from './rig.ts';
import type { Measurement } from './timeline.ts';

/** The platform file's default: both ways demand the same of a service without a health check. */
const SETTLE_SECONDS = 2;

/** Brings the platform back as `runbook.sh` does and reads the times that it noted. */
export async function restoreByRunbook(
  { platform, signal }: Rig,
  { snapshot, python }: { snapshot: string; python: string },
): Promise<Measurement> {
  const notes = join(platform.folder, 'runbook.steps');
  await rm(notes, { force: true });
  const { seconds } = await run(['bash', benchFile('runbook.sh')], {
    cwd: platform.folder,
    signal,
    environment: {
      PROJECT: platform.project,
      SNAPSHOT: snapshot,
      BUCKET: platform.buckets.repository,
      S3_ENDPOINT: platform.s3.endpoint,
      PYTHON: python,
      JOB_RESTORE: benchFile('job_restore.py'),
      COMPOSE: platform.composeTool.join(' '),
      STEPS: notes,
      SETTLE_SECONDS: String(SETTLE_SECONDS),
    },
  });
  const marks = (await readFile(notes, 'utf8')).trim().split('\n').map(markOf);
  const first = marks[0]?.time ?? NaN;
  const steps = marks.slice(0, -1).map(({ time, name }, index) => ({
    name,
    from: time - first,
    seconds: (marks[index + 1]?.time ?? NaN) - time,
  }));
  return { way: 'runbook', downtime: (marks.at(-1)?.time ?? NaN) - first, total: seconds, steps };
}

function markOf(line: string): { time: number; name: string } {
  const blank = line.indexOf(' ');
  return { time: Number(line.slice(0, blank)), name: line.slice(blank + 1) };
}
