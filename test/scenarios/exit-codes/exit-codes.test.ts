import { exitCodeOfFailure, exitCodes } from '../../../cli/exit-codes.ts';
import { failureKinds } from '../../../domain/failures.ts';
import { eventually } from '../../../stack/engine.ts';
import { type EngineSnapshot, facts, useScenario } from '../harness/index.ts';
import { engineNow, textOf } from '../faults-tools/message.ts';
import { type Streamed, streamRekindle } from '../faults-tools/streamed.ts';
import { useVariants } from '../faults-tools/variants.ts';
import { expecting } from '../../expecting.ts';

// cspell:ignore bakup

// The command line as scripts see it: one table of exit codes, walked by real commands, for people and with --json.

const scenario = useScenario();
const variants = useVariants(scenario);
let name = '';
let before: EngineSnapshot;
let points: string[];

async function pointIds(): Promise<string[]> {
  const { json } = await variants.rekindle(['points', name, '--json']);
  return (json as { points: { id: string }[] }).points.map(({ id }) => id);
}

beforeAll(async () => {
  name = scenario.platform.project;
  before = await engineNow();
  points = await pointIds();
  await variants.startWorker();
});
beforeEach(() => variants.write());

const aList: unknown = expect.any(Array);
const aHash: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
const aRemedy: unknown = expect.stringMatching(/known platforms: \S+/);

/** Nobody polls this queue: a run started there goes on for ever, and touches nothing. */
const idle = () => ({ REKINDLE_TASK_QUEUE: `${name}-nobody` });
const idleEnvironment = () => ({ ...scenario.environment, REKINDLE_PLATFORMS: variants.folder, ...idle() });

interface Row {
  command: () => string[];
  /** Makes the platform file what the command needs. */
  given?: () => Promise<void>;
  /** What a person is told. */
  says: RegExp;
  /** What a script reads. */
  json: object;
}

const refusedService = () => variants.write((file) => file.deployment.core.push('nonesuch'));

/** One row and more for each code of the table, but for 130, which has a test of its own. */
const rows: Record<Exclude<keyof typeof exitCodes, 'interrupted'>, Row[]> = {
  passed: [
    { command: () => ['points', name], says: new RegExp('recovery point'), json: { points: aList } },
    { command: () => ['check', name], says: /Verdict: pass/, json: { verdict: 'pass', checks: aList } },
    { command: () => ['validate', name], says: /Verdict: pass/, json: { verdict: 'pass', checks: aList } },
    { command: () => ['quarantines', 'nonesuch'], says: /nothing is in quarantine/, json: { quarantines: [] } },
    {
      command: () => ['restore', name, '--dry-run'],
      says: /point of no return/,
      json: { verdict: 'pass', plan: { hash: aHash } },
    },
    {
      command: () => ['rebuild', name],
      says: /Verdict: pass/,
      json: { phase: 'passed', verdict: 'pass', kind: 'rebuild' },
    },
    { command: () => ['runs', name], says: /rebuild\//, json: { runs: aList } },
  ],
  failed: [
    {
      given: () => variants.write((file) => (file.stores[0]!.repository = { name: 'gcs', type: 'gcs', settings: {} })),
      command: () => ['backup', name],
      says: /Verdict: fail/,
      json: { phase: 'failed', verdict: 'fail', failure: { kind: 'RepositoryTypeMissing' } },
    },
  ],
  badInput: [
    {
      command: () => ['points', 'nonesuch'],
      says: /no platform file/,
      json: { failure: { kind: 'UnknownPlatform', remedy: aRemedy } },
    },
    { command: () => ['bakup', name], says: /Did you mean backup/, json: { failure: { kind: 'InvalidArgument' } } },
    {
      command: () => ['restore', name, '--dry-rum'],
      says: /unknown option '--dry-rum'\n\(Did you mean --dry-run\?\)/,
      json: { failure: { kind: 'InvalidArgument' } },
    },
    { command: () => ['restore'], says: /No platform is named, and no fleet file/, json: { failure: {} } },
    {
      command: () => ['status', 'nonesuch'],
      says: /"rekindle runs" lists them/,
      json: { failure: { kind: 'RunNotFound' } },
    },
    {
      command: () => ['report', 'nonesuch', '--platform', name],
      says: /holds no report of a run "nonesuch"/,
      json: { failure: { kind: 'RunNotFound' } },
    },
  ],
  refused: [
    {
      given: () =>
        variants.write((file) => {
          file.deployment.core[0] = 'apj';
          file.smoke[0]!.service = 'apj';
        }),
      command: () => ['validate', name],
      says: /"apj" \(core, smoke\).*did you mean "api"\?/,
      json: { verdict: 'fail' },
    },
    {
      given: refusedService,
      command: () => ['check', name],
      says: /Verdict: fail/,
      json: { verdict: 'fail' },
    },
    {
      given: refusedService,
      command: () => ['restore', name, '--yes'],
      says: /nothing was touched/,
      json: { phase: 'refused', failure: { kind: 'PreflightRefused' } },
    },
    {
      given: () => variants.write((file) => (file.deployment.host = 'a-machine-without-worker')),
      command: () => ['restore', name, '--yes'],
      says: /No worker serves the host "a-machine-without-worker"/,
      json: { phase: 'refused', failure: { kind: 'HostWorkerMissing' } },
    },
  ],
  waitsForPerson: [
    {
      command: () => ['restore', name],
      says: /rekindle approve restore\/\S+ --hash [0-9a-f]{64}\n {2}rekindle reject restore/,
      json: { phase: 'waiting for approval', planHash: aHash },
    },
  ],
};

test('every kind of failure has a code of the table', () => {
  const codes = new Set<number>(Object.values(exitCodes));
  for (const kind of Object.keys(failureKinds)) expect(codes).toContain(exitCodeOfFailure(kind));
});

for (const [code, cases] of Object.entries(rows))
  test(`exit code ${exitCodes[code as keyof typeof rows]}, ${code}: for people and as one document`, async () => {
    for (const { command, given, says, json } of cases) {
      await given?.();
      const exitCode = exitCodes[code as keyof typeof rows];
      // CI asks for colours by its environment: that makes no terminal of a pipe.
      const told = await variants.rekindle(command(), { CI: 'true' });
      expect(textOf(told)).toMatch(says);
      expecting(told, textOf(told)).toMatchObject({ exitCode });
      // Off a terminal: no colour, no cursor movement, no bar.
      expect(textOf(told)).not.toMatch(/\u001b|[█░]/);
      await reject();
      const asked = await variants.rekindle([...command(), '--json']);
      await reject();
      expecting(asked, textOf(asked)).toMatchObject({ exitCode, json });
      expect(asked.stdout.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(await engineNow()).toEqual(before);
  }, 120_000);

/** What waits for approval would be found by the next look at the platform's runs. */
async function reject(): Promise<void> {
  const runs = scenario.client.workflow.list({ query: `WorkflowType = "restore" AND ExecutionStatus = "Running"` });
  for await (const { workflowId } of runs)
    if (workflowId.includes(name)) {
      const rejected = await variants.rekindle(['reject', workflowId, '--reason', 'only a test']);
      expect(rejected.exitCode).toBe(exitCodes.passed);
      const status = await variants.rekindle(['status', workflowId]);
      expect(status.stdout).toMatch(/rejected by .*: only a test; nothing was touched/);
      expect(status.exitCode).toBe(exitCodes.refused);
    }
}

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

test('no command of the table created or lost a recovery point', async () => {
  expect(await pointIds()).toEqual(points);
  expect(points).toContain(facts().point);
});
