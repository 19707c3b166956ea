import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { reportJsonSchema } from '../../../api/report-schema.ts';
import { runReport } from '../../../api/schemas/report.ts';
import { report } from '../../../cli/commands/report.ts';
import type { Options } from '../../../cli/command.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { reportKey } from '../../../domain/recovery-points/catalogue-keys.ts';
import { linksPrefix, type ReportLink } from '../../../domain/reports/chain.ts';
import type { RunReport } from '../../../domain/reports/run-report.ts';
import { dependenciesOf, openPlatform } from '../../../operations/open-platform.ts';
import { writeReport } from '../../../operations/runs/write-report.ts';
import { runCommand } from '../../run-command.ts';
import { at, passedRestore } from './sample.ts';
import { passedDrill } from './sample-drill.ts';

// Reports as runs leave them in a catalogue in a directory; no Temporal is asked.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekindle-reports-'));
  await mkdir(join(folder, 'catalogue'));
  const file = {
    platform: 'nuvla',
    deployment: { kind: 'compose', project: 'nuvla', data: ['es'] },
    stores: [
      { name: 'documents', kind: 'elasticsearch', service: 'es', repository: { name: 'b', type: 's3', settings: {} } },
    ],
    catalogue: { kind: 'directory', path: join(folder, 'catalogue') },
    objectives: { recoveryPointMinutes: 60, recoveryTimeMinutes: 1 },
  };
  await writeFile(join(folder, 'nuvla.yaml'), stringify(file));
});
afterEach(() => rm(folder, { recursive: true }));

const variables = () => ({ REKINDLE_PLATFORMS: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' });
const run = (args: string[], options: Options = {}) => runCommand(variables(), report, args, options);

/** Three restores and a backup, as their runs end. */
async function threeRestores(): Promise<void> {
  const open = await openPlatform(dependenciesOf(readEnvironment(variables())), 'nuvla');
  for (const number of [1, 2, 3])
    await writeReport(open, passedRestore({ run: `restore/nuvla/${number}`, finishedAt: at(40 * number) }));
  await writeReport(open, passedRestore({ run: 'backup/nuvla/1', kind: 'backup', finishedAt: at(200) }));
}
const fileOf = (key: string) => join(folder, 'catalogue', key);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digestOf = async (id: string) => sha256(await readFile(fileOf(reportKey('nuvla', id))));

test('a report carries what it needs years later, and is written as a page, as Markdown and as JSON', async () => {
  await threeRestores();
  for (const ending of ['html', 'md', 'json'])
    expect(await run(['restore/nuvla/2'], { out: join(folder, `report.${ending}`) })).toMatchObject({ exitCode: 0 });
  const json = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as object;
  expect(json).toMatchObject({
    format: 'rekindle-report/1',
    objectives: { recoveryPointMinutes: 60 },
    writtenBy: { node: process.versions.node },
    platformFileHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('<h1>Restore of nuvla');
  expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain('| Data loss | 1 h 0 min (RPO) |');
});

test('the page shows the digest of what lies in the catalogue, its link, and those before it', async () => {
  await threeRestores();
  const shown = async (run_: string) => ((await run([run_])).documents[0] as RunReport).chain;
  const [first, second] = [await shown('restore/nuvla/1'), await shown('restore/nuvla/2')];
  expect(first).toEqual({
    report: await digestOf('restore/nuvla/1'),
    link: expect.any(String) as string,
    previous: [],
  });
  expect(second?.previous).toEqual([{ link: first?.link, run: 'restore/nuvla/1', report: first?.report }]);
  expect(await shown('backup/nuvla/1')).toEqual({ report: await digestOf('backup/nuvla/1'), previous: [] });

  await run(['restore/nuvla/2'], { out: join(folder, 'two.json') });
  expect(sha256(await readFile(join(folder, 'two.json')))).toBe(second?.report);

  const key = fileOf(reportKey('nuvla', 'restore/nuvla/1'));
  await writeFile(key, (await readFile(key, 'utf8')).replace('"ann@host"', '"eve@host"'));
  expect(await shown('restore/nuvla/1')).toMatchObject({
    report: await digestOf('restore/nuvla/1'),
    linked: first?.report,
  });
});

test('a report as it is written fits its schema, and has no field that the schema lacks', async () => {
  await threeRestores();
  const written = JSON.parse(await readFile(fileOf(reportKey('nuvla', 'restore/nuvla/1')), 'utf8')) as RunReport;
  expect(runReport.parse(written)).toEqual(written);
  expect(written.deviations).toContainEqual({ kind: 'check', what: 'warning of disk: little | room' });
  for (const report of [passedDrill(), (await run(['restore/nuvla/1'])).documents[0]])
    expect(runReport.parse(report)).toEqual(report);
});

test('verify: a whole chain passes; a report that was changed, and one that was removed, are named', async () => {
  await threeRestores();
  const whole = await run(['verify', 'nuvla']);
  expect(whole).toMatchObject({ exitCode: 0, documents: [{ verdict: 'pass', reports: 3, faults: [], unchained: 0 }] });
  expect(whole.said).toContain('3 reports of nuvla: none changed, none removed before the newest');

  const key = fileOf(reportKey('nuvla', 'restore/nuvla/1'));
  await writeFile(key, (await readFile(key, 'utf8')).replace('"ann@host"', '"eve@host"'));
  await rm(fileOf(reportKey('nuvla', 'restore/nuvla/2')));
  const changed = await run(['verify', 'nuvla']);
  expect(changed.exitCode).toBe(1);
  expect(changed.documents).toMatchObject([
    {
      verdict: 'fail',
      faults: [
        'the report of restore/nuvla/1 was changed after it was written',
        'the report of restore/nuvla/2 is missing',
      ],
    },
  ]);
});

test('verify: a link that was removed, and one that nobody can read', async () => {
  await threeRestores();
  const links = (await readdir(fileOf(linksPrefix('nuvla')))).toSorted();
  expect(links).toHaveLength(3);
  await rm(join(fileOf(linksPrefix('nuvla')), links[1] ?? ''));
  await writeFile(join(fileOf(linksPrefix('nuvla')), links[0] ?? ''), 'torn');
  const { faults } = (await run(['verify', 'nuvla'])).documents[0] as { faults: string[] };
  expect(faults.join('\n')).toMatch(/is no link that can be read[^]*the link before that of restore\/nuvla\/3/);
});

test('written again by an attempt that was not heard, a report has one link', async () => {
  await threeRestores();
  await threeRestores();
  expect(await run(['verify', 'nuvla'])).toMatchObject({ exitCode: 0, documents: [{ reports: 3 }] });
  expect(await readdir(fileOf(linksPrefix('nuvla')))).toHaveLength(3);
});

test('export: a bundle with a summary, which replaces nothing', async () => {
  await threeRestores();
  const out = join(folder, 'bundle');
  const exported = await run(['export', 'nuvla'], { out, from: '2026-11-21', to: '2026-11-22' });
  expect(exported).toMatchObject({ exitCode: 0, documents: [{ platform: 'nuvla', runs: { restore: { passed: 3 } } }] });
  expect((await readdir(out)).toSorted()).toEqual([
    'SHA256SUMS',
    'chain.json',
    'reports',
    'summary.html',
    'summary.json',
  ]);
  expect((await readdir(join(out, 'reports'))).toSorted()).toEqual([
    ...[1, 2, 3].flatMap((number) => [`restore!nuvla!${number}.html`, `restore!nuvla!${number}.json`]),
  ]);
  const page = await readFile(join(out, 'summary.html'), 'utf8');
  expect(page).toContain('<a href="reports/restore!nuvla!2.html">restore/nuvla/2</a>');
  expect(page).toContain('Times without a backup within the RPO');
  expect((await run(['export', 'nuvla'], { out })).failure?.message).toContain('the folder holds something already');
});

test('export: with no other tool, the files are those of the sums, and the reports those that the chain names', async () => {
  await threeRestores();
  const out = join(folder, 'bundle');
  await run(['export', 'nuvla'], { out, from: '2026-11-21', to: '2026-11-22' });
  const lines = (await readFile(join(out, 'SHA256SUMS'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(9);
  for (const [digest, name] of lines.map((line) => line.split('  ')))
    expect([name, sha256(await readFile(join(out, name ?? '')))]).toEqual([name, digest]);
  const links = JSON.parse(await readFile(join(out, 'chain.json'), 'utf8')) as (ReportLink & Record<string, string>)[];
  expect(links).toHaveLength(3);
  for (const link of links) {
    const report = await readFile(join(out, 'reports', `${link.run.replaceAll('/', '!')}.json`));
    expect(sha256(report)).toBe(link.report);
    expect(sha256(new TextEncoder().encode(link['text']))).toBe(link['name']);
  }
  expect(links[2]?.previous).toEqual([links[1]?.['name']]);
  expect(await readFile(join(out, 'reports', 'restore!nuvla!2.html'), 'utf8')).toContain(links[1]?.report);
});

test.each([
  [['verify'], {}, '"report verify" needs the name of a platform'],
  [['restore/nuvla/1', 'nuvla'], {}, 'only "verify" and "export" are known'],
  [['export', 'nuvla'], {}, '--out is missing'],
  [['verify', 'nuvla'], { out: 'x.html' }, '--out cannot be used with "verify"'],
  [['restore/nuvla/1'], { from: '2026-01-01' }, '--from cannot be used with "report <run>"'],
  [['restore/nuvla/1'], { out: 'report.pdf' }, 'must be .html, .md or .json'],
])('%j with %j is refused', async (args, options: Options, message) => {
  const { failure } = await run(args, options);
  expect(failure?.kind).toBe('InvalidArgument');
  expect(failure?.message).toContain(message);
});

test('docs/report.schema.json is up to date (`npm run schema` prints it)', async () => {
  const file = new URL('../../../docs/report.schema.json', import.meta.url);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(reportJsonSchema());
});
