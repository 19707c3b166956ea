import { readFile, writeFile } from 'node:fs/promises';
import { exitCodes } from '../../../cli/exit-codes.ts';
import type { RunProgress } from '../../../domain/runs/progress.ts';
import { expecting } from '../../expecting.ts';
import { idsOfServices, runningTasks } from '../../swarm-inspect.ts';
import { possible, untilItSays } from '../hosts/on-the-wire.ts';
import { look } from './looks.ts';
import { openTwoNodes, type TwoNodes } from './two-nodes.ts';

// A restore on a swarm of two nodes that fails past its point of no return, and the way back that a person decides for.

/** In milliseconds: a restore and its way back, on a machine that has other work as well. */
const limit = 600_000;

(possible ? describe : describe.skip)('a restore that fails once the old data is set aside', () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await openTwoNodes();
    for (const name of ['manager', 'data']) await nodes.startWorker(name);
    await nodes.demand(['backup', nodes.platform]);
  });
  afterAll(() => (nodes as TwoNodes | undefined)?.end(), 180_000);

  /** The bucket of its repository is another one from then on, until the restore asks. Answers with its run. */
  const restoreThatFails = async (): Promise<string> => {
    const { platform, platformFile } = nodes;
    const restore = nodes.begin(['restore', platform, '--yes']);
    await untilItSays(restore, /done quarantine volume db_esdata/, 120);
    const file = await readFile(platformFile, 'utf8');
    await writeFile(platformFile, file.replace('bucket: snapshots', 'bucket: no-such-bucket-here'));
    const asks = await restore.ended;
    await writeFile(platformFile, file);
    expecting(asks.exitCode, asks.text).toBe(exitCodes.waitsForPerson);
    expect(asks.text).toContain('The specified bucket does not exist');
    return (await stateOf(platform)).run;
  };
  const stateOf = async (run: string) => (await nodes.rekindle(['status', run, '--json'])).json as RunProgress;

  const rollBack = async (run: string): Promise<RunProgress> => {
    const decided = await nodes.rekindle(['decide', run, 'rollback', '--by', 'anna']);
    expecting(decided.exitCode, decided.text).toBe(exitCodes.passed);
    const { exitCode, text } = await nodes.rekindle(['watch', run]);
    expecting(exitCode, text).toBe(exitCodes.failed);
    const progress = await stateOf(run);
    expecting(progress, text).toMatchObject({ phase: 'rolled back', verdict: 'fail' });
    const back = progress.checks.filter(({ name }) => name.startsWith('quarantine '));
    expect(back.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    return progress;
  };

  test(
    'rolled back: the services that stood still run again, with the data and what was written to it',
    async () => {
      await nodes.write('later');
      const [before, ids] = [await look(nodes), await idsOfServices(nodes)];
      await rollBack(await restoreThatFails());
      expect(await nodes.isThere('later')).toBe(true);
      expect(await look(nodes)).toEqual(before);
      expect(await idsOfServices(nodes)).toEqual(ids);
      const tasks = await runningTasks(nodes);
      for (const stack of nodes.stacks) await nodes.deploy(stack);
      expect(await runningTasks(nodes)).toEqual(tasks);
      await nodes.demand(['backup', nodes.platform]);
    },
    limit,
  );

  test(
    'services that were gone are gone again, and their stacks find the old data when they are deployed',
    async () => {
      await nodes.write('last');
      const [before, volumes] = [await look(nodes), await nodes.volumes()];
      await nodes.removeServices();
      await rollBack(await restoreThatFails());
      expect(await idsOfServices(nodes)).toEqual({});
      expect(await nodes.volumes()).toEqual(volumes);
      await nodes.deployAll();
      expect(await nodes.isThere('last')).toBe(true);
      expect(await look(nodes)).toEqual(before);
    },
    limit,
  );
});
