import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { restore } from '../../cli/commands/restore.ts';
import { provided } from '../provided.ts';
import { runCommand } from '../run-command.ts';
import { test } from './fleet-scene.ts';

test('restore --fleet: started from a file, followed to its end; --yes approves every wave', async ({ openFleet }) => {
  const scene = await openFleet({ policy: { approval: 'required' } });
  const folder = await mkdtemp(join(tmpdir(), 'rekindle-fleet-'));
  for (const letter of ['a', 'b', 'c']) {
    const platform = scene.nameOf(letter);
    const repository = { name: 'backup', type: 's3', settings: { bucket: 'backups', base_path: letter } };
    const file = {
      platform,
      deployment: { kind: 'compose', project: platform, data: ['elasticsearch'] },
      stores: [{ name: 'documents', kind: 'elasticsearch', service: 'elasticsearch', repository }],
      catalogue: { kind: 'directory', path: folder },
    };
    await writeFile(join(folder, `${platform}.yaml`), stringify(file));
  }
  const fleet = scene.nameOf('all');
  const fleetFile = join(folder, 'fleet.conf');
  const canaries = [scene.nameOf('b')];
  await writeFile(fleetFile, stringify({ fleet, platforms: [scene.nameOf('*')], canaries }));
  const variables = {
    TEMPORAL_ADDRESS: provided('temporalAddress'),
    REKINDLE_PLATFORMS: folder,
    REKINDLE_TASK_QUEUE: scene.taskQueue,
  };
  const { exitCode, said, documents } = await runCommand(variables, restore, [], {
    fleet: fleetFile,
    yes: true,
    by: 'ann',
  });
  expect(exitCode).toBe(0);
  expect(scene.worked.order[0]).toBe('b');
  expect(said).toContain(`${fleet}: passed, wave 2 of 2; 3 passed`);
  expect(documents).toMatchObject([{ fleet, phase: 'passed', words: [{ by: 'ann' }, { by: 'ann' }] }]);
  const approvals = scene.journal.reports
    .filter(({ kind }) => kind === 'restore')
    .flatMap((report) => report.approvals);
  expect(approvals).toMatchObject([1, 2, 3].map(() => ({ by: 'ann', how: 'wave' })));
  await rm(folder, { recursive: true });
});
