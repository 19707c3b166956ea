import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncidentState } from '../../../domain/incidents/incident.ts';
import { eventually } from '../../../stack/engine.ts';
import { findAlertmanager, startAlertmanager, type Alertmanager } from '../../alertmanager.ts';
import { samplesOf } from '../../systems/gateway/samples.ts';
import { useScenario } from '../harness/index.ts';
import { serve, type Served } from '../status/gateway-process.ts';

// From a real pair of Alertmanager, which hear of each other, through the gateway to the incident's workflow and the restore
// that it proposes.

const program = await findAlertmanager();
const scenario = useScenario();
const password = `t0ken-${randomBytes(12).toString('hex')}`;
let folder: string;
let gateway: Served<{ gateway: { url: string } }>;
const pair: Alertmanager[] = [];

beforeAll(async () => {
  if (program === undefined) return;
  const { environment, platform } = scenario;
  folder = await mkdtemp(join(tmpdir(), `${platform.project}-alertmanager-`));
  const file = {
    sources: { alertmanager: { basic: { user: 'am', password: { env: 'AM_PASSWORD' } } } },
    rules: [{ match: { severity: 'critical' }, platform: { label: 'instance_platform' }, action: 'restore' }],
  };
  await writeFile(join(folder, 'incidents.yaml'), JSON.stringify(file));
  const own = { REKINDLE_INCIDENTS_FILE: join(folder, 'incidents.yaml'), AM_PASSWORD: password };
  await scenario.startWorker(own);
  gateway = await serve(['gateway'], {
    ...environment,
    ...own,
    REKINDLE_STATE: join(folder, 'state'),
    REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
  });
  const webhook = { url: `${gateway.document.gateway.url}/incidents/alertmanager`, user: 'am', password };
  const one = await startAlertmanager({ program, folder, name: 'one', webhook, pair: { with: undefined } });
  pair.push(one);
  pair.push(await startAlertmanager({ program, folder, name: 'two', webhook, pair: { with: one.cluster } }));
});

afterAll(async () => {
  for (const one of pair) await one.stop();
  if (program === undefined) return;
  await gateway.stop();
  await rm(folder, { recursive: true });
});

const tell = (startsAt: Date, endsAt?: Date) =>
  Promise.all(
    pair.map((one) =>
      one.alert({ name: 'Down', platform: scenario.platform.project, startsAt, ...(endsAt && { endsAt }) }),
    ),
  );

/** The gateway has heard of it so many times more. */
async function repeated(times: number): Promise<void> {
  const heard = async () => {
    const page = await fetch(`${gateway.document.gateway.url}/metrics`);
    return samplesOf(await page.text()).get('rekindle_incident_events_received_total{source="alertmanager"}') ?? 0;
  };
  const before = await heard();
  await eventually(`Alertmanager repeats itself ${times} times`, 60, async () =>
    expect(await heard()).toBeGreaterThanOrEqual(before + times),
  );
}

/** Of this scenario's workers; an execution that went on in another counts once. */
async function idsOf(type: 'incident' | 'restore'): Promise<string[]> {
  const ids = new Set<string>();
  for await (const { workflowId, taskQueue } of scenario.client.workflow.list({ query: `WorkflowType = "${type}"` }))
    if (taskQueue === scenario.environment['REKINDLE_TASK_QUEUE']) ids.add(workflowId);
  return [...ids];
}

/** Oldest first. */
async function incidents(): Promise<IncidentState[]> {
  const ask = (id: string) => scenario.client.workflow.getHandle(id).query<IncidentState>('incident');
  const found = await Promise.all((await idsOf('incident')).map(ask));
  return found.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}

const until = (what: string, seen: (found: IncidentState[]) => boolean) =>
  eventually(what, 90, async () => {
    const found = await incidents();
    if (!seen(found)) throw new Error(JSON.stringify(found.map(({ phase, run, story }) => ({ phase, run, story }))));
    return found;
  });
const proposes = (one?: IncidentState) => one?.run?.phase === 'waiting for approval';
const isWithdrawn = (one?: IncidentState) => one?.phase === 'resolved' && one.run?.phase === 'refused';

(program === undefined ? test.skip : test)(
  'an alert fires, is repeated, is resolved and fires again, and one of the pair dies: two incidents, one proposal each',
  async () => {
    const first = new Date(Date.now() - 60_000);
    await tell(first);
    const [opened] = await until('a restore is proposed', ([one]) => proposes(one));
    expect(opened).toMatchObject({ platform: scenario.platform.project, action: 'restore', source: 'alertmanager' });
    expect(opened?.preflight).toMatchObject({ verdict: 'pass' });

    await repeated(3);
    await pair.shift()?.stop();
    await repeated(3);
    expect(await incidents()).toHaveLength(1);
    await tell(first, new Date());
    await until('the proposal is withdrawn', ([one]) => isWithdrawn(one));

    const again = new Date();
    await tell(again);
    await until('another incident proposes', ([, other]) => proposes(other));
    await tell(again, new Date());
    const found = await until('both are over', (all) => all.every(isWithdrawn));
    expect(found).toHaveLength(2);
    expect(await idsOf('restore')).toHaveLength(2);
  },
);
