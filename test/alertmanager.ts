import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../cli/servers/temporal-server.ts';
import { ensureAlertmanager } from '../setup/lib/alertmanager.mjs';

// A real Alertmanager, or a pair: it groups by the label that names the platform and repeats itself every second.

export interface Alertmanager {
  /** Sends an alert as Prometheus does; it fires unless it has an end. */
  alert(given: { name: string; platform: string; startsAt: Date; endsAt?: Date }): Promise<void>;
  /** Where the other of a pair finds it; undefined: it does not listen for any. */
  cluster: string | undefined;
  stop(): Promise<void>;
}

export interface AlertmanagerOptions {
  program: string;
  /** For its configuration and its data; `name` tells two of one folder apart. */
  folder: string;
  name: string;
  /** Where it notifies, with which basic authentication. */
  webhook: { url: string; user: string; password: string };
  /** Absent: it hears of no other. */
  pair?: { with: string | undefined };
}

/** The program; undefined, said on standard error, when it is missing and cannot be built. */
export async function findAlertmanager(): Promise<string | undefined> {
  const heard: string[] = [];
  const program = await ensureAlertmanager((line) => heard.push(line));
  if (program === undefined)
    process.stderr.write(`skipped: Alertmanager is missing and cannot be built:\n${heard.join('\n')}\n`);
  return program;
}

export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  const { program, folder, name, pair } = options;
  const config = join(folder, `${name}.yml`);
  await writeFile(config, configuration(options));
  const url = `http://127.0.0.1:${await freePort(0)}`;
  const cluster = pair && `127.0.0.1:${await freePort(0)}`;
  const child = execFile(program, [
    `--config.file=${config}`,
    `--storage.path=${join(folder, name)}`,
    `--web.listen-address=${url.slice('http://'.length)}`,
    `--cluster.listen-address=${cluster ?? ''}`,
    ...(pair ? ['--cluster.peer-timeout=1s', '--cluster.settle-timeout=5s'] : []),
    ...(pair?.with === undefined ? [] : [`--cluster.peer=${pair.with}`]),
  ]);
  await untilReady(url, child);
  return {
    cluster,
    async alert({ name: alertname, platform, startsAt, endsAt }) {
      const labels = { alertname, instance_platform: platform, severity: 'critical' };
      const alert = { labels, annotations: { summary: `${alertname} of ${platform}` }, startsAt, endsAt };
      const headers = { 'content-type': 'application/json' };
      const sent = { method: 'POST', headers, body: JSON.stringify([alert]) };
      const { status } = await fetch(`${url}/api/v2/alerts`, sent);
      if (status !== 200) throw new Error(`Alertmanager answers ${status}`);
    },
    stop: async () => {
      const exit = once(child, 'exit');
      if (child.kill('SIGKILL')) await exit;
    },
  };
}

const configuration = ({ webhook: { url, user, password } }: AlertmanagerOptions) => `
route: { receiver: rekindle, group_by: [instance_platform], group_wait: 100ms, group_interval: 1s, repeat_interval: 1s }
receivers:
  - name: rekindle
    webhook_configs:
      - { url: '${url}', http_config: { basic_auth: { username: '${user}', password: '${password}' } } }
`;

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(100);
  }
}
