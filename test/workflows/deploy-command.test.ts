import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { deploy } from '../../cli/commands/deploy.ts';
import type { Options } from '../../cli/command.ts';
import { closeAll } from '../at-end.ts';
import { fakeElasticsearch } from '../fake-elasticsearch.ts';
import { provided } from '../provided.ts';
import { runCommand } from '../run-command.ts';
import { refusal, type FakeOptions } from './fake-platform.ts';
import { gate, test, until, type OpenScene } from './scene.ts';

/** The fake platform with a file for the command line, and a command that leaves a file behind. */
async function deploying(openScene: OpenScene, options?: Partial<FakeOptions>, changed: object = {}) {
  const scene = await openScene(options);
  const { platform, taskQueue } = scene;
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-deploy-'));
  const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: platform } };
  const file = {
    platform,
    deployment: { kind: 'compose', project: platform, data: ['elasticsearch'] },
    stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
    catalogue: { kind: 'directory', path: folder },
    ...changed,
  };
  await writeFile(join(folder, `${platform}.yaml`), stringify(file));
  const left = join(folder, 'deployed');
  const variables = {
    TEMPORAL_ADDRESS: provided('temporalAddress'),
    REKINDLE_PLATFORMS: folder,
    REKINDLE_TASK_QUEUE: taskQueue,
    DOCKER_HOST: `unix://${folder}/no-engine.sock`,
  };
  const script = `require('node:fs').writeFileSync(process.argv[1], '')`;
  return {
    scene,
    run: async (more?: Options) => {
      const end = await runCommand(variables, deploy, [platform, process.execPath, '-e', script, left], more);
      return { ...end, ran: existsSync(left) };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

test('deploy: a backup whose report says why, the command, then health as the engine shows it', async ({
  openScene,
}) => {
  const { scene, run, close } = await deploying(openScene);
  const blind = await run();
  const [report] = scene.journal.reports;
  expect(report).toMatchObject({ kind: 'backup', phase: 'passed', startedBy: { reason: 'before a deployment' } });
  const point = report?.recoveryPoint?.id ?? '';
  // No engine answers: that is not health.
  expect(blind).toMatchObject({
    exitCode: 1,
    ran: true,
    documents: [
      {
        point,
        exitCode: 0,
        healthy: null,
        failure: { kind: 'DockerUnreachable' },
        wayBack: `rekindle restore ${scene.platform} --point ${point}`,
      },
    ],
  });
  expect(await run({ waitHealth: false })).toMatchObject({ exitCode: 0, documents: [{ exitCode: 0, healthy: null }] });
  await close();
});

test('deploy: healthy in the end, by what the smoke checks of the platform file find', async ({ openScene }) => {
  const ends: (() => unknown)[] = [];
  let count = 0;
  const { url } = await fakeElasticsearch(
    ({ path }) => (path === '/jobs/_count' ? { body: { count: (count += 1) } } : undefined),
    (end) => void ends.push(end),
  );
  const repository = { name: 'backup', type: 'fs', settings: { location: '/backups' } };
  const { run, close } = await deploying(openScene, undefined, {
    deployment: undefined,
    stores: [{ name: 'documents', kind: 'elasticsearch', nodes: [url.origin], repository }],
    smoke: [{ kind: 'query', store: 'documents', index: 'jobs', atLeast: 3 }],
  });
  expect(await run()).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining('documents/jobs 3 documents') as string,
    documents: [{ exitCode: 0, healthy: true }],
  });
  count = -1_000_000;
  expect(await run({ healthTimeout: '1' })).toMatchObject({
    exitCode: 1,
    documents: [{ exitCode: 0, healthy: false, failure: { kind: 'ServiceUnhealthy' } }],
  });
  await closeAll([...ends, close]);
});

test('deploy: a backup that fails, or that a restore keeps from being taken: the command is not run', async ({
  openScene,
}) => {
  const hold = gate();
  const { scene, run, close } = await deploying(openScene, {
    onStep: async (what) => {
      if (what === 'takeSnapshot documents') throw refusal('SnapshotPartial', 'shard 0 is missing');
      if (what === 'recordDeployment') await hold.passed;
      return undefined;
    },
  });
  expect(await run()).toMatchObject({
    ran: false,
    failure: {
      kind: 'SnapshotPartial',
      message: expect.stringMatching(/shard 0 .*; the command was not run$/) as string,
    },
  });
  const restore = await scene.start('restore');
  await until(restore, ({ steps }) =>
    steps.some(({ id, status }) => id === 'record-deployment' && status === 'running'),
  );
  expect(await run()).toMatchObject({
    ran: false,
    failure: { kind: 'PlatformBusy', message: expect.stringContaining(restore.workflowId) as string },
  });
  hold.open();
  await close();
});
