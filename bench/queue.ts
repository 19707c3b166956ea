import { fileURLToPath } from 'node:url';
import { run } from './command.ts';
import { benchFile } from './files.ts';
import { pythonWithKazoo } from './kazoo.ts';
import { seedJobs } from './queue-jobs.ts';
import type { RebuildFigures } from './queue-rebuild.ts';
import { say } from './rig.ts';
import { withServers, type BenchServers } from './servers.ts';
import { median } from './timeline.ts';

/** As many as one search of the script gives. */
const few = 10_000;
const rounds = 3;
const program = fileURLToPath(new URL('./queue-rebuild.js', import.meta.url));

interface ScriptFigures {
  jobs: number;
  readSeconds: number;
  writeSeconds: number;
}

/**
 * The queue rebuilt from documents, compared with the script that operators run today, with 10,000 jobs on the same servers in
 * turns; then alone, with `many`. Both programs' own start is left out.
 */
export async function benchQueue(many: number): Promise<void> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort(new Error('Interrupted')));
  const { signal } = interruption;
  const python = await pythonWithKazoo();
  await withServers(async (servers) => {
    const client = servers.connect();
    const seed = (count: number) => seedJobs(client, count);
    try {
      await seed(few);
      await beside(python, servers, signal);
      say(`seeding ${many} jobs`);
      await seed(many);
      await alone(servers, many, signal);
    } finally {
      await client.close();
    }
  });
}

async function beside(python: string, servers: BenchServers, signal: AbortSignal): Promise<void> {
  const { elasticsearch, zookeeper } = servers;
  const script = [python, benchFile('job_restore.py'), '--zk-hosts', zookeeper];
  const es = `http://${elasticsearch.host}:${elasticsearch.port}`;
  const theirs: ScriptFigures[] = [];
  const ours: RebuildFigures[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { stdout } = await run([...script, '--es-hosts', es, '--path', `/script/${round}`], { signal });
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ScriptFigures;
    const rekindle = await rebuild(servers, `/rekindle/${round}`, signal);
    if (told.jobs !== rekindle.jobs) throw new Error(`${told.jobs} jobs against ${rekindle.jobs}`);
    theirs.push(told);
    ours.push(rekindle);
    say(`round ${round}: script ${inWords(told)}; Rekindle ${inWords(rekindle)}`);
  }
  const write = median(theirs.map(({ writeSeconds }) => writeSeconds)) / median(ours.map((one) => one.writeSeconds));
  const whole = median(theirs.map(wholeSeconds)) / median(ours.map(wholeSeconds));
  say(`ratio write: ${write.toFixed(1)}`);
  say(`ratio whole: ${whole.toFixed(1)}`);
}

async function alone(servers: BenchServers, many: number, signal: AbortSignal): Promise<void> {
  const figures = await rebuild(servers, '/rekindle/many', signal);
  if (figures.jobs !== many) throw new Error(`${figures.jobs} jobs instead of ${many}`);
  const { verifySeconds, megabytesWritten, megabytesVerified } = figures;
  say(`${many} jobs: ${inWords(figures)}, ${megabytesWritten.toFixed(0)} MB resident at most`);
  say(
    `every value verified in ${verifySeconds.toFixed(1)} s more, ${megabytesVerified.toFixed(0)} MB resident at most`,
  );
}

async function rebuild(
  { elasticsearch, zookeeper }: BenchServers,
  path: string,
  signal: AbortSignal,
): Promise<RebuildFigures> {
  const { stdout } = await run([process.execPath, program, elasticsearch.host, zookeeper, path], { signal });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as RebuildFigures;
}

const wholeSeconds = ({ readSeconds, writeSeconds }: ScriptFigures): number => readSeconds + writeSeconds;

function inWords(figures: ScriptFigures): string {
  const { readSeconds, writeSeconds } = figures;
  return `${wholeSeconds(figures).toFixed(2)} s (read ${readSeconds.toFixed(2)}, written ${writeSeconds.toFixed(2)})`;
}
