import { exitCodes } from '../../../cli/exit-codes.ts';
import { type EngineSnapshot, facts, type Scenario, useScenario } from '../harness/index.ts';
import { engineNow, textOf } from '../faults-tools/message.ts';
import { useVariants, type Variants } from '../faults-tools/variants.ts';
import { expecting } from '../../expecting.ts';

// cspell:ignore bakup

// What the files of this folder share: the table of exit codes. Imports see the present values of what `useTable` sets.

export let scenario: Scenario;
export let variants: Variants;
export let name = '';
let before: EngineSnapshot;
let points: string[];

/** Opens the shared platform, with a worker. */
export function useTable(): void {
  scenario = useScenario();
  variants = useVariants(scenario);
  beforeAll(async () => {
    name = scenario.platform.project;
    before = await engineNow();
    points = await pointIds();
    await variants.startWorker();
  });
  beforeEach(() => variants.write());
}

async function pointIds(): Promise<string[]> {
  const { json } = await variants.rekindle(['points', name, '--json']);
  return (json as { points: { id: string }[] }).points.map(({ id }) => id);
}

const aList: unknown = expect.any(Array);
const aHash: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
const aRemedy: unknown = expect.stringMatching(/known platforms: \S+/);

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

/** For each code that has such rows, a test that walks them. */
export function testRows(chosen: (all: Row[]) => Row[]): void {
  for (const [word, all] of Object.entries(rows)) {
    const code = word as keyof typeof rows;
    const cases = chosen(all);
    if (cases.length > 0)
      test(`exit code ${exitCodes[code]}, ${code}: for people and as one document`, () => walk(code, cases), 120_000);
  }
}

/** To be the last test of a file. */
export const testPoints = () =>
  test('no command of the table created or lost a recovery point', async () => {
    expect(await pointIds()).toEqual(points);
    expect(points).toContain(facts().point);
  });

/** Each command twice, for people and as one document; the engine stays as it was. */
async function walk(code: keyof typeof rows, cases: Row[]): Promise<void> {
  const exitCode = exitCodes[code];
  for (const { command, given, says, json } of cases) {
    await given?.();
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
}

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
