import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncidentState } from '../../../domain/incidents/incident.ts';
import { eventually } from '../../../stack/engine.ts';
import { findAlertmanager, startAlertmanager, type Alertmanager } from '../../alertmanager.ts';
import { useScenario } from '../harness/index.ts';
import { serve, type Served } from '../status/gateway-process.ts';

// From a real pair of Alertmanager, which hear of each other, through the gateway to the incident's workflow.

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
    rules: [{ match: { severity: 'critical' }, platform: { label: 'instance_platform' }, action: 'check' }],
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
}, 120_000);

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

/** The incidents of this platform, oldest first; an execution that went on in another counts once. */
async function incidents(): Promise<IncidentState[]> {
  const ids = new Set<string>();
  for await (const { workflowId, taskQueue } of scenario.client.workflow.list({ query: 'WorkflowType = "incident"' }))
    if (taskQueue === scenario.environment['REKINDLE_TASK_QUEUE']) ids.add(workflowId);
  const ask = (id: string) => scenario.client.workflow.getHandle(id).query<IncidentState>('incident');
  const found = await Promise.all([...ids].map(ask));
  return found.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}

const until = (what: string, seen: (found: IncidentState[]) => boolean) =>
  eventually(what, 90, async () => {
    const found = await incidents();
    if (!seen(found)) throw new Error(JSON.stringify(found.map(({ phase, incident }) => ({ phase, incident }))));
    return found;
  });

(program === undefined ? test.skip : test)(
  'an alert fires, is repeated, is resolved and fires again: two incidents, each with its preflight, each with its end',
  async () => {
    const first = new Date(Date.now() - 60_000);
    await tell(first);
    const [opened] = await until('preflight is attached', ([one]) => one?.preflight !== undefined);
    expect(opened).toMatchObject({ platform: scenario.platform.project, action: 'check', source: 'alertmanager' });
    expect(opened?.preflight?.checks.length).toBeGreaterThan(0);

    await tell(first, new Date());
    await until('the incident ends', ([one]) => one?.phase === 'resolved');
    expect(await incidents()).toHaveLength(1);

    const again = new Date();
    await tell(again);
    await until('another incident opens', (found) => found.length === 2);
    await tell(again, new Date());
    const found = await until('both have ended', (all) => all.every(({ phase }) => phase === 'resolved'));
    expect(found).toHaveLength(2);
  },
);
