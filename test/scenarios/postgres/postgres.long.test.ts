import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { loseEverything } from '../../../stack/disasters.ts';
import { expecting } from '../../expecting.ts';
import { runInBash } from '../by-hand/page.ts';
import {
  endScrubs,
  expectAlive,
  expectPassed,
  facts,
  leftOfDrills,
  useScenario,
  useVariant,
} from '../harness/index.ts';
import { postgresBeside, type PostgresBeside } from './server.ts';

const scenario = useScenario({ fresh: true });
const variant = useVariant(scenario);
let postgres: PostgresBeside;
/** The recovery point with both stores. */
let point = '';
let content = '';

const rekindle = (...args: string[]) => scenario.rekindle(args, { environment: variant.environment });
const contentNow = async () =>
  [
    await postgres.ask('select count(*), md5(string_agg(account::text, $$,$$ order by id)) from account'),
    await postgres.ask('select count(*), max(at) from entry', 'ledger'),
    await postgres.ask('select datname, pg_get_userbyid(datdba), datallowconn from pg_database order by datname'),
    await postgres.ask("select rolname, rolpassword from pg_authid where rolname = 'clerk'"),
  ].join('\n');

beforeAll(async () => {
  postgres = await postgresBeside(scenario.platform, variant);
  content = await contentNow();
});
afterAll(async () => {
  await postgres.lose();
  await scenario.spoil();
});

test('a backup takes both stores into one point, a few seconds apart', async () => {
  const { project } = scenario.platform;
  await scenario.startWorker(variant.environment);
  const ended = await rekindle('backup', project, '--json');
  const report = await expectPassed(scenario, ended);
  point = report.recoveryPoint?.id ?? '';
  const shown = await rekindle('points', project, '--point', point);
  expecting(shown.exitCode, shown.stdout + shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(/stores +\d+\.\d s apart/);
  expect(shown.stdout).toContain('Store accounts: 4 parts of PostgreSQL');
  expect(shown.stdout).toContain('Store documents:');
  expect(JSON.stringify(ended.json)).not.toContain('rks-postgres-secret');
});

test('everything is lost, PostgreSQL as well: it comes back with the rest', async () => {
  const { platform } = scenario;
  await postgres.lose();
  await loseEverything(platform);
  const report = await expectPassed(
    scenario,
    await rekindle('restore', platform.project, '--point', point, '--yes', '--json'),
  );
  expect(report.checks).toContainEqual(expect.objectContaining({ name: 'database accounts/ledger', verdict: 'pass' }));
  expect(await contentNow()).toBe(content);
  await expectAlive(scenario);
});

test('over a living platform the old data is set aside, and a rollback brings it back', async () => {
  const { project } = scenario.platform;
  await postgres.ask('delete from account where id > 10');
  const report = await expectPassed(scenario, await rekindle('restore', project, '--point', point, '--yes', '--json'));
  expect(await contentNow()).toBe(content);
  const back = await rekindle('rollback', report.run);
  expecting(back.exitCode, back.stdout + back.stderr).toBe(0);
  expect(await postgres.ask('select count(*) from account')).toBe('10');
});

test('a drill restores it next to the platform, and leaves nothing; a scrub reads its parts', async () => {
  const { project } = scenario.platform;
  const report = await expectPassed(scenario, await rekindle('drill', project, '--point', point, '--json'));
  expect(report.checks).toContainEqual(
    expect.objectContaining({ name: 'database accounts/accounts', verdict: 'pass' }),
  );
  expect(await leftOfDrills(project)).toEqual([]);
  await endScrubs(scenario);
  const scrub = await rekindle('scrub', project, '--point', point, '--json');
  expecting(scrub.exitCode, scrub.stdout + scrub.stderr).toBe(0);
  expect((scrub.json as RunProgress).checks).toContainEqual(
    expect.objectContaining({ name: 'scrub accounts', verdict: 'pass' }),
  );
});

test('what cannot hold it yet says so', async () => {
  const { project } = scenario.platform;
  const beside = await rekindle('restore', project, '--point', point, '--beside', '--dry-run', '--json');
  expecting(beside.exitCode, beside.stdout + beside.stderr).toBe(3);
  expect(beside.stdout).toContain('tore accounts is restored in place alone');
});

test('one file holds the point with both stores, and is verified', async () => {
  const folder = await mkdtemp(join(tmpdir(), `${scenario.platform.project}-archive-`));
  try {
    const file = join(folder, 'point.tgz');
    const exported = await rekindle('export', scenario.platform.project, point, '--output', file);
    expecting(exported.exitCode, exported.stdout + exported.stderr).toBe(0);
    const checked = await rekindle('import', file, '--check');
    expecting(checked.exitCode, checked.stdout + checked.stderr).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('without Rekindle, the script of the plan brings it back as well', async () => {
  const { platform } = scenario;
  const folder = await mkdtemp(join(tmpdir(), `${platform.project}-script-`));
  try {
    const file = join(folder, 'restore.sh');
    await postgres.lose();
    await loseEverything(platform);
    const dry = await rekindle('restore', platform.project, '--point', point, '--dry-run', '--script', file);
    expecting(dry.exitCode, dry.stdout + dry.stderr).toBe(0);
    const { keyFile } = facts();
    const client = 'java -cp /opt/zookeeper/lib/* org.apache.zookeeper.ZooKeeperMain';
    const script = `export REKINDLE_KEY_FILE=${keyFile} REKINDLE_WORK=${folder} ZOOKEEPER_CLIENT='${client}'\nbash ${file}`;
    const { exitCode, output } = await runInBash(script, 400);
    expecting(exitCode, output).toBe(0);
    expect(await contentNow()).toBe(content);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
