import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { createMetrics } from '../../../gateway/metrics.ts';
import { startGateway } from '../../../gateway/gateway.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { ensurePromtool } from '../../../setup/lib/promtool.mjs';
import { namesOn } from '../../systems/gateway/samples.ts';
import { metricNamesIn } from './promql.ts';
import { expecting } from '../../expecting.ts';

// What deploy/ hands to Prometheus and Grafana: right by Prometheus' own checker, and asking only for what /metrics tells.

const project = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFile(join(project, file), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}
interface Target {
  expr: string;
  legendFormat: string;
}
const alerts = parse(await read('deploy/prometheus-alerts.yaml')) as { groups: { rules: Rule[] }[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(await read('deploy/grafana-dashboard.json')) as {
  panels: { id: number; title: string; targets: Target[]; gridPos: { x: number; y: number; w: number; h: number } }[];
  templating: { list: { name: string; query: string }[] };
};
const targets = dashboard.panels.flatMap((panel) => panel.targets);

describe('metric names', () => {
  test('that alerts and dashboard use are those of a living /metrics', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rkt-deploy-'));
    const environment = readEnvironment({
      REKINDLE_PLATFORMS: folder,
      REKINDLE_GATEWAY_ADDRESS: '127.0.0.1:0',
      REKINDLE_STATE: join(folder, 'state'),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
    const openCatalogue = () => Promise.reject(new Error('there is no platform'));
    const gateway = await startGateway({ environment, version: 'test', openCatalogue });
    const page = await fetch(`${gateway.url}/metrics`).then((answer) => answer.text());
    await gateway.close();
    await rm(folder, { recursive: true });

    const told = namesOn(page);
    expect(told.size).toBeGreaterThan(40);
    const variables = dashboard.templating.list.flatMap(({ query }) => /label_values\((\w+),/.exec(query)?.[1] ?? []);
    const asked = new Set([...[...rules, ...targets].flatMap(({ expr }) => metricNamesIn(expr)), ...variables]);
    expect(asked.size).toBeGreaterThan(20);
    // `up` is Prometheus' own word for whether it reached a target.
    expect([...asked].filter((name) => name !== 'up' && !told.has(name))).toEqual([]);
    // And the other way: what Rekindle tells of itself is on the dashboard or behind an alert, but for a few.
    const unused = [...told].filter((name) => name.startsWith('rekindle_') && !asked.has(name));
    expect(unused).toEqual([
      'rekindle_newest_good_recovery_point_timestamp_seconds',
      'rekindle_newest_good_recovery_point_duration_seconds',
      'rekindle_newest_good_recovery_point_indices',
      'rekindle_newest_proven_recovery_point_timestamp_seconds',
      'rekindle_last_backup_timestamp_seconds',
      'rekindle_run_duration_seconds_bucket',
      'rekindle_run_waited_seconds_bucket',
    ]);
  });

  test('are found in PromQL', () => {
    expect(
      metricNamesIn('sum by (kind) (increase(a_total{b="c_d", e=~"f"}[1d])) / ignoring (g) h_i > 30 * 86400'),
    ).toEqual(['a_total', 'h_i']);
    expect(metricNamesIn('time() - a unless b or absent(up{job="x"}) == 0')).toEqual(['a', 'b', 'up']);
    expect(metricNamesIn('a * on (job) group_left (version) b offset 5m')).toEqual(['a', 'b']);
  });
});

describe('alerts', () => {
  test('each has a name of its own, patience, severity, words, and a section of the docs', async () => {
    const headings = (await read('docs/monitoring.md'))
      .split('\n')
      .flatMap((line) => /^#+ (.+)$/.exec(line)?.[1] ?? []);
    const anchors = headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations, ...rule } of rules) {
      expect(alert).toMatch(/^Rekindle[A-Z]/);
      expecting(rule.for, alert).toMatch(/^\d+[mhd]$/);
      expecting(labels.severity, alert).toMatch(/^(critical|warning)$/);
      expecting(annotations.summary, alert).not.toBe('');
      expecting(annotations.description, alert).not.toBe('');
      const [file, anchor = ''] = annotations.runbook_url.split('#');
      expecting(file, alert).toBe('docs/monitoring.md');
      expecting(anchors, alert).toContain(anchor);
    }
  });
});

describe('the dashboard', () => {
  test('has panels with titles, queries and legends, which do not lie on each other', () => {
    expect(dashboard.panels.length).toBeGreaterThan(10);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Map<string, string>();
    for (const { title, targets, gridPos } of dashboard.panels) {
      expect(title).not.toBe('');
      expecting(targets.length, title).toBeGreaterThan(0);
      for (const { expr, legendFormat } of targets) expecting([expr, legendFormat], title).not.toContain('');
      expecting(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expecting(taken.get(`${x} ${y}`), title).toBeUndefined();
          taken.set(`${x} ${y}`, title);
        }
    }
  });
});

const heard: string[] = [];
const promtool = await ensurePromtool((line) => heard.push(line));
if (promtool === undefined)
  process.stderr.write(
    `skipped: what promtool checks, for there is none and it cannot be fetched:\n${heard.join('\n')}\n`,
  );

(promtool === undefined ? describe.skip : describe)("by Prometheus' own checker", () => {
  const temporary: string[] = [];
  afterAll(async () => {
    for (const folder of temporary) await rm(folder, { recursive: true });
  });
  const run = (...args: string[]) =>
    promisify(execFile)(promtool ?? '', args, { cwd: project }).then(
      ({ stdout, stderr }) => ({ passed: true, output: stdout + stderr }),
      (error: unknown) => {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        return { passed: false, output: stdout + stderr };
      },
    );

  test('the rules are rules', async () => {
    const checked = await run('check', 'rules', 'deploy/prometheus-alerts.yaml');
    expect(checked.output).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(checked.passed).toBe(true);
  });

  test('each alert fires when it should and says what it should, and keeps still otherwise', async () => {
    const files = ['alerts.promtool.yaml', 'alerts-of-weeks.promtool.yaml'].map((file) => `test/unit/deploy/${file}`);
    expect(await run('test', 'rules', ...files)).toMatchObject({ passed: true });
    const tested = (await Promise.all(files.map(read))).flatMap((text) => [...text.matchAll(/alertname: (\w+)/g)]);
    expect(new Set(tested.map(([, name]) => name))).toEqual(new Set(rules.map(({ alert }) => alert)));
  });

  test("every query of the dashboard is one, and a metric's name is as its conventions want", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rkt-deploy-'));
    temporary.push(folder);
    const recorded = targets.map(({ expr }, index) => ({
      record: `query:${index}`,
      expr: expr.replaceAll('$platform', '.*'),
    }));
    const file = join(folder, 'queries.json');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    const checked = await run('check', 'rules', file);
    expect(checked.output).toContain(`SUCCESS: ${targets.length} rules found`);

    await writeFile(file, JSON.stringify({ groups: [{ name: 'x', rules: [{ record: 'broken', expr: 'sum(' }] }] }));
    expect(await run('check', 'rules', file)).toMatchObject({ passed: false });

    const metrics = createMetrics({ version: 'test' });
    metrics.count('nuvla', {
      run: 'r',
      kind: 'backup',
      phase: 'failed',
      finishedAt: '',
      durationSeconds: 3,
      failure: 'Internal',
    });
    const page = await metrics.page({ platforms: [], temporal: { value: { worker: true } }, now: 0 });
    const linted = await linting(page.replaceAll(/^.*(nodejs_|process_).*\n/gm, ''));
    expect(linted).toBe('');
  });

  /** `promtool check metrics` reads standard input; answers what it complains about. */
  function linting(page: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(promtool ?? '', ['check', 'metrics'], (_, stdout, stderr) => resolve(stdout + stderr));
      child.once('error', reject);
      child.stdin?.end(page);
    });
  }
});
