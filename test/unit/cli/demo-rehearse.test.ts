import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Desk } from '../../../client/desk.ts';
import type { CommandContext } from '../../../cli/command.ts';
import { rehearse } from '../../../cli/demo/rehearse.ts';
import type { Toolbox } from '../../../cli/toolbox.ts';
import { readEnvironment } from '../../../config/environment.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { dependenciesOf, openPlatform } from '../../../operations/open-platform.ts';
import { writeReport } from '../../../operations/runs/write-report.ts';
import { recordedOutput } from '../../recorded-output.ts';
import { passedRestore } from '../reports/sample.ts';

const run = 'drill/demo/1';
let folder: string;
/** The demo's own, which is removed at its end. */
let demo: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-rehearse-'));
  demo = path.join(folder, '.rekindle', 'demo');
  await mkdir(path.join(demo, 'catalogue'), { recursive: true });
  const file = {
    platform: 'demo',
    deployment: { kind: 'compose', project: 'demo', data: ['es'] },
    stores: [
      { name: 'documents', kind: 'elasticsearch', service: 'es', repository: { name: 'b', type: 's3', settings: {} } },
    ],
    catalogue: { kind: 'directory', path: path.join(demo, 'catalogue') },
  };
  await writeFile(path.join(demo, 'demo.yaml'), stringify(file));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The end of the demo, where a drill ends so and leaves its report in the catalogue; `started`: what was asked for. */
async function rehearsed(ended: RunProgress) {
  const environment = readEnvironment({ REKINDLE_PLATFORMS: demo, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const open = await openPlatform(dependenciesOf(environment), 'demo');
  const started: unknown[] = [];
  const desk = {
    pollEveryMs: 1,
    start: async (...asked: unknown[]) => {
      started.push(asked);
      await writeReport(open, ended);
      return run;
    },
    look: () => Promise.resolve({ progress: ended, pending: [] }),
    closed: () => Promise.resolve(),
  } as unknown as Desk;
  const { output, said, documents } = recordedOutput();
  const context: CommandContext = { environment, output, toolbox: {} as Toolbox };
  const exitCode = await rehearse(context, desk, { platform: 'demo', folder: demo });
  return { exitCode, started, said: said(), documents: documents() };
}
const drill = (changed: Partial<RunProgress> = {}) =>
  passedRestore({ run, kind: 'drill', platform: 'demo', ...changed });

test('the demo ends with a drill, and with the path of its report, which stays when the demo is removed', async () => {
  const { exitCode, started, said, documents } = await rehearsed(drill());
  expect(exitCode).toBe(0);
  expect(started).toMatchObject([['drill', { platform: 'demo', startedBy: { name: 'demo' } }]]);
  // The drill is what the demo says of itself in JSON: it came last.
  expect(documents).toMatchObject([{ run, kind: 'drill', verdict: 'pass' }]);
  const file = path.join(folder, '.rekindle', 'demo-drill.html');
  expect(said.split('\n').at(-1)).toBe(`its report, a page to open in a browser: ${file}`);
  await rm(demo, { recursive: true });
  const page = await readFile(file, 'utf8');
  expect(page).toContain('<h1>Drill of demo');
  expect(page).toContain('<svg');
});

test('another demo replaces the page', async () => {
  const file = path.join(folder, '.rekindle', 'demo-drill.html');
  await writeFile(file, 'of an earlier demo');
  await rehearsed(drill());
  expect(await readFile(file, 'utf8')).toContain('<h1>Drill of demo');
});

test("a drill that failed is the demo's end, with its exit code and without a page", async () => {
  const { exitCode, said } = await rehearsed(drill({ phase: 'failed', verdict: 'fail' }));
  expect(exitCode).toBe(1);
  expect(said).not.toContain('a page to open');
  expect(await readdir(path.join(folder, '.rekindle'))).toEqual(['demo']);
});
