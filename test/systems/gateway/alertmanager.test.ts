import { findAlertmanager, startAlertmanager, type Alertmanager } from '../../alertmanager.ts';
import {
  delivered,
  folder,
  incidents,
  start,
  token,
  until,
  url,
  useIncidents,
} from '../../unit/gateway/incidents/incidents-scene.ts';

// A real pair of Alertmanager that do not hear of each other: each notifies by itself, as when the network between is cut.

const program = await findAlertmanager();
const pair: Alertmanager[] = [];
useIncidents();
afterEach(async () => {
  for (const one of pair.splice(0)) await one.stop();
});

const tell = (name: string, startsAt: Date, endsAt?: Date) =>
  Promise.all(pair.map((one) => one.alert({ name, platform: 'nuvla', startsAt, ...(endsAt && { endsAt }) })));
const story = () => delivered.map(({ event }) => `${event.what} ${event.incident.split(' since ')[1]}`);

async function received(): Promise<number> {
  const text = await incidents.metrics.registry.metrics();
  return Number(/received_total\{source="alertmanager"\} (\d+)/.exec(text)?.[1]);
}

async function repeated(): Promise<void> {
  const before = await received();
  for (let waited = 0; (await received()) < before + 4; waited++) {
    if (waited > 300) throw new Error('Alertmanager does not repeat itself');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

(program === undefined ? test.skip : test)(
  'it fires, repeats itself, gains and loses alerts, resolves and fires again: two incidents, each begun once',
  async () => {
    await start();
    const webhook = { url: `${url}/incidents/alertmanager`, user: 'am', password: token };
    for (const name of ['one', 'two'])
      pair.push(await startAlertmanager({ program: program ?? '', folder, name, webhook }));
    const first = new Date(Date.now() - 60_000);
    const second = new Date(Date.now() - 30_000);

    await tell('ElasticsearchDown', first);
    await repeated();
    expect(story()).toEqual([`opened ${first.toISOString()}`]);
    expect(delivered[0]).toMatchObject({
      platform: 'nuvla',
      action: 'check',
      event: { title: 'ElasticsearchDown of nuvla', labels: { instance_platform: 'nuvla', severity: 'critical' } },
    });

    await tell('DiskFull', second);
    await repeated();
    await tell('ElasticsearchDown', first, new Date());
    await repeated();
    await tell('DiskFull', second, new Date());
    await until(() => story().some((one) => one.startsWith('resolved')));

    const again = new Date();
    await tell('ElasticsearchDown', again);
    await until(() => story().filter((one) => one.startsWith('opened')).length === 2);
    await repeated();
    expect(story().filter((one) => !one.startsWith('updated'))).toEqual([
      `opened ${first.toISOString()}`,
      `resolved ${first.toISOString()}`,
      `opened ${again.toISOString()}`,
    ]);
  },
);
