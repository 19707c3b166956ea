import { leaveScene } from '../../../operations/drill/leave-scene.ts';
import { stopService } from '../../../operations/services/containers.ts';
import { platformInScene } from '../../../domain/drills/platform-in-scene.ts';
import { sceneOf } from '../../../domain/drills/scene.ts';
import type { OpenPlatform, Dependencies } from '../../../operations/open-platform.ts';
import { demoPlatform, never } from '../../demo-situation.ts';
import { drillRun } from '../../drill-situation.ts';

const scene = sceneOf(demoPlatform(), { run: drillRun, id: 'ab12cd34' });

test('the scene’s repository is forgotten under the name that it has there, and no other', async () => {
  const forgotten: string[] = [];
  const client = {
    snapshot: { deleteRepository: ({ name }: { name: string }) => Promise.resolve(forgotten.push(name)) },
    close: () => Promise.resolve(),
  };
  const open = {
    platform: platformInScene(demoPlatform(), scene),
    elasticsearch: () => Promise.resolve(client),
  } as unknown as OpenPlatform;
  const call = { scene, run: drillRun, arguments: { store: 'documents' } };
  await leaveScene(open, call);
  expect(forgotten).toEqual(['rekindle-drill-ab12cd34-s3_backup']);
  await expect(leaveScene(open, { run: drillRun, arguments: call.arguments })).rejects.toThrow('no scene');
  expect(forgotten).toHaveLength(1);
});

describe('a server whose data is used as it is', () => {
  const stop = (exitCode: number | undefined, gently?: true) => {
    const ended = {
      name: 'es',
      outcome: exitCode === undefined ? 'absent' : 'stopped',
      ...(exitCode !== undefined && { exitCode }),
    };
    const docker = { stopContainers: () => Promise.resolve([ended]) } as unknown as Dependencies['docker'];
    const containers = [{ name: 'es', restartPolicy: never }];
    const given = { service: 'elasticsearch', containers, graceSeconds: 30, ...(gently && { gently }) };
    return stopService({ docker }, { arguments: given }, {});
  };

  test.each([0, 143])('may end with exit code %d', async (exitCode) => {
    expect((await stop(exitCode, true)).summary).toBe(`es exit code ${exitCode}`);
  });

  test.each([
    [137, /within 30 s.*es exit code 137/],
    [1, /es exit code 1/],
    [undefined, /es is gone/],
  ])('and not otherwise: %s', async (exitCode, message) => {
    await expect(stop(exitCode, true)).rejects.toMatchObject({
      kind: 'ContainerFailed',
      message: expect.stringMatching(message) as string,
    });
    // Elsewhere it is tolerated and noted.
    await expect(stop(exitCode)).resolves.toBeDefined();
  });
});
