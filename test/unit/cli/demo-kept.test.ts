import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandContext } from '../../../cli/command.ts';
import { incidents } from '../../../cli/commands/incidents.ts';
import { keepRunning } from '../../../cli/demo/keep.ts';
import { removeDemo } from '../../../cli/demo/story.ts';
import type { TemporalServer } from '../../../cli/servers/temporal-server.ts';
import { readEnvironment } from '../../../config/environment.ts';
import { loadGatewayFile } from '../../../config/gateway-file.ts';
import { runCommand } from '../../run-command.ts';

const [home, program] = [process.cwd(), process.argv[1] ?? ''];
let here: string;
let folder: string;

/** Stands for `rekindle`: a gateway that answers, and a worker that still writes when it is told to end. */
const rekindle = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  import path from 'node:path';
  const [command, state] = [process.argv[2], process.env.REKINDLE_STATE];
  process.on('SIGTERM', () => setTimeout(() => {
    mkdirSync(state, { recursive: true });
    writeFileSync(path.join(state, command), '');
    process.exit();
  }, 300));
  // Both stay, but for a broken worker: what ends first is what the demo reports.
  setInterval(() => {}, 60_000);
  if (command === 'worker' && process.env.BROKEN) { console.error('Temporal is away'); process.exit(1); }
  if (command === 'gateway' && !process.env.BROKEN) {
    const [host, port] = process.env.REKINDLE_GATEWAY_ADDRESS.split(':');
    createServer((request, response) => response.end(request.url)).listen(Number(port), host);
  }
`;

beforeEach(async () => {
  here = await mkdtemp(path.join(tmpdir(), 'rekindle-kept-'));
  process.chdir(here);
  folder = path.resolve('.rekindle', 'demo');
  await mkdir(path.join(folder, 'platforms'), { recursive: true });
  await writeFile(path.join(folder, 'platforms', 'demo.yaml'), '');
  process.argv[1] = path.join(here, 'rekindle.mjs');
  await writeFile(process.argv[1], rekindle);
});
afterEach(async () => {
  delete process.env['BROKEN'];
  process.argv[1] = program;
  process.chdir(home);
  await rm(here, { recursive: true, force: true });
});

function keep(): Promise<string> {
  const given = { PATH: '', REKINDLE_PLATFORMS: path.join(folder, 'platforms'), REKINDLE_TASK_QUEUE: 'rekindle-demo' };
  const temporal = { address: '127.0.0.1:7', uiUrl: 'http://127.0.0.1:8', leave: () => undefined };
  return keepRunning(readEnvironment(given), temporal as unknown as TemporalServer, { folder, platform: 'demo' });
}

function remove(): Promise<number> {
  const nothing = () => Promise.resolve(undefined);
  return removeDemo({
    toolbox: { demoStack: () => Promise.resolve({ folderOf: nothing, removeLeftovers: nothing }) },
    output: { say: () => undefined, document: () => undefined },
  } as unknown as CommandContext);
}

const running = async () => {
  const pids = JSON.parse(await readFile(path.join(folder, 'processes.json'), 'utf8')) as number[];
  return pids.filter((pid) => existsSync(`/proc/${pid}`));
};

test('a demo that is kept names its page, which answers; the commands that it proposes find it', async () => {
  const text = await keep();
  try {
    const [, page = ''] = /The page: (http:\S+\/) /.exec(text) ?? [];
    expect((await fetch(page)).status).toBe(200);
    expect(text).toContain('The Temporal UI: http://127.0.0.1:8\n');
    expect(text).toMatch(/To end and remove all of it:\n {2}npx rekindle demo --remove$/);

    const environment = readEnvironment({});
    expect(environment).toMatchObject({ url: page.slice(0, -1), temporalAddress: '127.0.0.1:7' });
    expect(environment.stateFolder).toBe(path.join(folder, 'state'));
    expect(await loadGatewayFile(environment)).toEqual({ url: environment.url });

    const [, event = ''] = / -d '(.+)'/.exec(text) ?? [];
    await writeFile('alert.json', event);
    const met = await runCommand({}, incidents, ['validate', 'alert.json']);
    expect(met).toMatchObject({ exitCode: 0, said: expect.stringContaining('rules[0]: restore of demo') as string });
    const [, token = ''] = /Bearer \$\(cat (.+?)\)/.exec(text) ?? [];
    expect(await readFile(token, 'utf8')).toMatch(/^[0-9a-f]{48}$/);
  } finally {
    await remove();
  }
});

test('removing it ends its processes, waits for them, and leaves nothing behind', async () => {
  await keep();
  const pids = await running();
  expect(pids).toHaveLength(2);
  expect(await remove()).toBe(0);
  expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  // A process that ended later would have made its folder again.
  expect(await readdir(path.join(here, '.rekindle'))).toEqual([]);
});

test('a worker or gateway that does not start is said, with its last words; neither is left', async () => {
  process.env['BROKEN'] = 'yes';
  await expect(keep()).rejects.toMatchObject({
    kind: 'GatewayUnreachable',
    message: "The demo's worker and gateway did not start: Temporal is away",
  });
  expect(existsSync(path.join(here, '.rekindle', 'environment'))).toBe(false);
});
