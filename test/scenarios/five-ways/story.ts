import type { Plan } from '../../../domain/plans/plan.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { eventually } from '../../../stack/engine.ts';
import { openBrowser, type TestBrowser } from '../../browser.ts';
import { expectAlive, facts, useScenario } from '../harness/index.ts';
import { useGateway } from '../harness/gateway.ts';
import { essenceOf } from './essence.ts';
import { type Way, waysOf, type How } from './ways.ts';

const hows = ['incident', 'temporal ui', 'command line', 'schedule', 'page'] as const satisfies How[];

/**
 * The same restore, however it is started: all five have the same plan; those that are `carriedOut` the same report, but for
 * who started it.
 */
export function tellFiveWays(carriedOut: readonly How[]): void {
  const scenario = useScenario({ fresh: true });
  const gateway = useGateway(scenario, 'restore');
  let browser: TestBrowser;
  let schedule: string;
  let ways: Record<How, Way>;
  const planned = new Map<How, string>();
  const reports = new Map<How, RunProgress>();

  beforeAll(async () => {
    const { client, environment, platform, startWorker } = scenario;
    await startWorker(gateway.environment);
    const token = await gateway.tokenOf('ann');
    browser = await openBrowser({ patienceMs: 60_000 });
    const page = await browser.open(gateway.url);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('a.platform').waitFor();
    const args = [{ platform: platform.project, point: facts().point }];
    schedule = `${platform.project}-restore`;
    await client.schedule.create({
      scheduleId: schedule,
      spec: { intervals: [{ every: '30 days' }] },
      action: { type: 'startWorkflow', workflowType: 'restore', taskQueue: environment['REKINDLE_TASK_QUEUE']!, args },
    });
    ways = waysOf({ scenario, gateway, page, token });
  });

  afterAll(async () => {
    await browser.close();
    await scenario.client.schedule.getHandle(schedule).delete();
  });

  const handleOf = (run: string) => scenario.client.workflow.getHandle(run);

  /** Starts it and waits for its plan; the platform is free again then. */
  async function plan(how: How): Promise<string> {
    const run = await ways[how].start();
    await scenario.until(run, 'waits for approval', ({ phase }) => phase === 'waiting for approval');
    await eventually('nobody holds the platform', 20, async () => {
      const { status } = await handleOf(`exclusive/${scenario.platform.project}`).describe();
      expect(status.name).not.toBe('RUNNING');
    });
    return run;
  }

  test('five of them wait at the same time, with one and the same plan', async () => {
    for (const how of hows) planned.set(how, await plan(how));
    const plans = await Promise.all([...planned.values()].map((run) => handleOf(run).query<Plan>('plan')));
    for (const other of plans) expect(other).toEqual(plans[0]);
    expect(plans[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plans[0]?.recoveryPoint?.id).toBe(facts().point);
    // The first that is carried out changes the platform, which the plans of the others then no longer fit.
    for (const [how, run] of [...planned].filter(([how]) => how !== carriedOut[0])) {
      await handleOf(run).executeUpdate('reject', { args: [{ by: 'ann' }] });
      await expect(handleOf(run).result()).rejects.toThrow();
      planned.delete(how);
    }
  });

  test.each(carriedOut)(
    'one from the %s passes',
    async (how) => {
      const run = planned.get(how) ?? (await plan(how));
      const { planHash = '' } = await scenario.progressOf(run);
      await ways[how].approve(run, planHash);
      await handleOf(run).result();
      const { json } = await scenario.rekindle(['report', run, '--platform', scenario.platform.project, '--json']);
      reports.set(how, json as RunProgress);
      expect(json).toMatchObject({ run, verdict: 'pass', startedBy: ways[how].startedBy() });
    },
    400_000,
  );

  test('their reports say the same, but for who started it', async () => {
    const [first, ...others] = carriedOut.map((how) => essenceOf(reports.get(how)!));
    expect(first).toMatchObject({ phase: 'passed', waits: ['approval'], approvals: [{ by: 'ann', how: 'update' }] });
    for (const other of others) expect(other).toEqual(first);
    await gateway.say('resolved', 'All documents are back');
    expect(browser.complaints).toEqual([]);
    await expectAlive(scenario);
  });
}
