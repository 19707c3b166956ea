import { exitCodeOfFailure, exitCodes } from '../../../cli/exit-codes.ts';
import { failureKinds } from '../../../domain/failures.ts';
import { eventually } from '../../../stack/engine.ts';
import { expecting } from '../../expecting.ts';
import { type Streamed, streamRekindle } from '../faults-tools/streamed.ts';
import { name, scenario, testPoints, testRows, useTable, variants } from './table.ts';

// The command line as scripts see it: one command for each exit code, for people and with --json; the others of the table are
// in exit-codes.long.test.ts.

useTable();

/** Nobody polls this queue: a run started there goes on for ever, and touches nothing. */
const idle = () => ({ REKINDLE_TASK_QUEUE: `${name}-nobody` });
const idleEnvironment = () => ({ ...scenario.environment, REKINDLE_PLATFORMS: variants.folder, ...idle() });

test('every kind of failure has a code of the table', () => {
  const codes = new Set<number>(Object.values(exitCodes));
  for (const kind of Object.keys(failureKinds)) expect(codes).toContain(exitCodeOfFailure(kind));
});

testRows(([first]) => [first!]);

test('no worker polls: reported; Ctrl-C stops following with exit code 130 and says how to go on', async () => {
  for (const more of [[], ['--json']]) {
    const backup: Streamed = streamRekindle(['backup', name, ...more], idleEnvironment());
    await backup.saw(/no worker answers for backup\/\S+; it waits for one \("rekindle worker"\)/);
    backup.interrupt();
    const { exitCode, stdout, stderr } = await backup.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: exitCodes.interrupted, stderr });
    const run = /backup\/\S+Z/.exec(stdout + stderr)?.[0] ?? '';
    expect(stdout + stderr).toContain('the run goes on');
    expect(stdout + stderr).toContain(`rekindle watch ${run}`);
    if (more.length > 0) expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, run });
    const handle = scenario.client.workflow.getHandle(run);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    const status = await variants.rekindle(['status', run]);
    expect(status.exitCode).toBe(exitCodes.failed);
    expect(status.stdout).toContain('no worker answers');
    await handle.terminate('the test ends');
  }
});

test('watch --json: one document a line, the last one with the verdict', async () => {
  await variants.write((file) => (file.catalogue['prefix'] = 'watched'));
  // A backup may be over before anybody lists it: this one waits for its worker, which comes when all look on.
  const queue = { REKINDLE_TASK_QUEUE: `${name}-watched` };
  const backup = variants.rekindle(['backup', name], queue);
  const run = await eventually('the backup is listed', 30, async () => {
    const { json } = await variants.rekindle(['runs', name, '--json']);
    const { runs } = json as { runs: { id: string; kind: string; status: string }[] };
    const found = runs.find(({ kind, status }) => kind === 'backup' && status === 'running');
    return found?.id ?? Promise.reject(new Error('no backup runs'));
  });
  const watching = variants.rekindle(['watch', run, '--json']);
  const worker = await variants.startWorker(queue);
  const watched = await watching;
  const documents = watched.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { run: string; phase: string; verdict?: string });
  expect(documents.every((document) => document.run === run)).toBe(true);
  expecting(documents.at(-1), watched.stdout).toMatchObject({ phase: 'passed', verdict: 'pass' });
  expect(watched.exitCode).toBe(exitCodes.passed);
  expect((await backup).exitCode).toBe(exitCodes.passed);
  await worker.stop();
});

testPoints();
