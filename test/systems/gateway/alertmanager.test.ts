import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../cli/servers/temporal-server.ts';
import { ensureAlertmanager } from '../../../setup/lib/alertmanager.mjs';
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

// A real pair of Alertmanager that do not hear of each other: each notifies by itself, as a pair does when its network is cut.

const heard: string[] = [];
const program = await ensureAlertmanager((line) => heard.push(line));
if (program === undefined)
  process.stderr.write(`skipped: Alertmanager is missing and cannot be fetched:\n${heard.join('\n')}\n`);

useIncidents();
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    const exit = once(child, 'exit');
    if (child.kill('SIGKILL')) await exit;
  }
});

async function startAlertmanager(name: string): Promise<string> {
  const config = join(folder, `${name}.yml`);
  await writeFile(
    config,
    `
route: { receiver: rekindle, group_by: [instance_platform], group_wait: 100ms, group_interval: 1s, repeat_interval: 1s }
receivers:
  - name: rekindle
    webhook_configs:
      - { url: '${url}/incidents/alertmanager', http_config: { basic_auth: { username: am, password: '${token}' } } }
`,
  );
  const port = await freePort(0);
  const address = `127.0.0.1:${port}`;
  const args = [`--config.file=${config}`, `--storage.path=${join(folder, name)}`, `--web.listen-address=${address}`];
  const child = execFile(program ?? '', [...args, '--cluster.listen-address=']);
  running.push(child);
  const ready = () =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return `http://${address}`;
}

async function tell(pair: string[], name: string, startsAt: Date, endsAt?: Date): Promise<void> {
  const labels = { alertname: name, instance_platform: 'nuvla', severity: 'critical' };
  const alert = { labels, annotations: { summary: `${name} of nuvla` }, startsAt, ...(endsAt && { endsAt }) };
  for (const alertmanager of pair) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers,
      body: JSON.stringify([alert]),
    });
    expect(answer.status).toBe(200);
  }
}

const received = async () => {
  const text = await incidents.metrics.registry.metrics();
  return Number(/received_total\{source="alertmanager"\} (\d+)/.exec(text)?.[1]);
};
const repeated = async () => {
  const before = await received();
  for (let waited = 0; (await received()) < before + 4; waited++) {
    if (waited > 300) throw new Error('Alertmanager does not repeat itself');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
const story = () => delivered.map(({ event }) => `${event.what} ${event.incident.split(' since ')[1]}`);

(program === undefined ? test.skip : test)(
  'a pair fires, repeats itself, gains and loses alerts, resolves and fires again: two incidents, each begun and ended once',
  async () => {
    await start();
    const pair = [await startAlertmanager('one'), await startAlertmanager('two')];
    const first = new Date(Date.now() - 60_000);
    const second = new Date(Date.now() - 30_000);

    await tell(pair, 'ElasticsearchDown', first);
    await repeated();
    expect(story()).toEqual([`opened ${first.toISOString()}`]);
    expect(delivered[0]).toMatchObject({
      platform: 'nuvla',
      action: 'check',
      event: { title: 'ElasticsearchDown of nuvla', labels: { instance_platform: 'nuvla', severity: 'critical' } },
    });

    await tell(pair, 'DiskFull', second);
    await repeated();
    await tell(pair, 'ElasticsearchDown', first, new Date());
    await repeated();
    await tell(pair, 'DiskFull', second, new Date());
    await until(() => story().some((one) => one.startsWith('resolved')));

    const again = new Date();
    await tell(pair, 'ElasticsearchDown', again);
    await until(() => story().filter((one) => one.startsWith('opened')).length === 2);
    await repeated();
    const ends = story().filter((one) => !one.startsWith('updated'));
    expect(ends).toEqual([
      `opened ${first.toISOString()}`,
      `resolved ${first.toISOString()}`,
      `opened ${again.toISOString()}`,
    ]);
  },
);
