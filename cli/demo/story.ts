import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { withOwnTemporal, type Environment } from '../../config/environment.ts';
import { startedHere, type CommandContext, type CommandResult } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followToEnd } from '../follow.ts';
import { seconds } from '../../domain/units.ts';
import { ownTemporal } from '../servers/own-temporal.ts';
import type { TemporalServer } from '../servers/temporal-server.ts';
import type { DemoPlatform, DemoStack } from '../toolbox.ts';
import { withDesk } from '../with-desk.ts';
import { endKept, keepRunning } from './keep.ts';
import { noteRunning, refuseWhileRunning } from './processes.ts';
import { rehearse } from './rehearse.ts';
import { refuseForeignDemo } from './refuse-foreign-demo.ts';

/** The Compose project's name is one that no other project has; the platform's is short, because people type it. */
const project = 'rekindle-demo';
const platformName = 'demo';
/** Holds the demo's platform file, secrets, key and Temporal's database; below the folder where it is called. */
const demoFolder = () => path.resolve('.rekindle', 'demo');

/**
 * The whole story on real servers: a platform comes up, is backed up, destroyed and brought back, and its restore is rehearsed. Ends with the exit
 * code of what came last. Without `keep`, everything it made is removed, also when it fails.
 */
export async function playDemo(context: CommandContext, { keep }: { keep: boolean }): CommandResult {
  const { toolbox, output } = context;
  const folder = demoFolder();
  const stack = await toolbox.demoStack();
  await removableDemo(stack, folder, output.say);
  await refuseWhileRunning(folder);
  await stack.removeLeftovers(project);
  await rm(folder, { recursive: true, force: true });
  await noteRunning(folder);
  const environment = demoEnvironment(context.environment, folder);
  const chapter = chapters(output.say);

  chapter('1. A platform: Elasticsearch, PostgreSQL, etcd, ZooKeeper, an S3 server, and core services that use them');
  const platform = await stack
    .bringUp({ project, name: platformName, folder, shape: 'stores', log: output.say })
    .catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
  let kept = false;
  let temporal: TemporalServer | undefined;
  let worker: { done: Promise<void>; stop: () => void } | undefined;
  try {
    chapter('2. Rekindle: a key, Temporal and a worker');
    if (!existsSync(environment.keyFile)) await toolbox.generateKey(environment.keyFile);
    output.say(
      `key ${environment.keyFile}: it encrypts what a backup keeps of the deployment, secret values included.`,
    );
    output.say(
      'On a real platform, keep a copy in a safe and never beside the backups: without it there is no way back.',
    );
    temporal = await ownTemporal(environment, path.join(folder, 'temporal.db'));
    output.say(`Temporal ${temporal.address}, its UI ${temporal.uiUrl}`);
    const connected = withOwnTemporal(environment, temporal.address);
    worker = await toolbox.startWorker(connected);
    const exitCode = await tellTheStory({ ...context, environment: connected }, stack, platform, chapter);
    worker.stop();
    await worker.done;
    if (keep && exitCode === exitCodes.passed) {
      output.say(await keepRunning(connected, temporal, { folder, platform: platformName }));
      kept = true;
    }
    return exitCode;
  } finally {
    worker?.stop();
    if (!kept) {
      await temporal?.stop();
      chapter('The end: everything that the demo made is removed');
      await stack.tearDown(platform);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Ends what `--keep` left running and removes all of it; also what a demo left that was killed. */
export async function removeDemo({ toolbox, output }: CommandContext): CommandResult {
  const stack = await toolbox.demoStack();
  const folder = demoFolder();
  const orphanOf = await removableDemo(stack, folder, output.say);
  await endKept(folder);
  await stack.removeLeftovers(project);
  await rm(folder, { recursive: true, force: true });
  output.document({ removed: orphanOf ?? folder });
  output.say(
    `the demo in ${orphanOf ?? folder} is gone: its containers, volumes, network, Temporal, worker and gateway`,
  );
  return exitCodes.passed;
}

/** Failure: PlatformBusy when the engine carries another folder's demo. */
async function removableDemo(
  stack: DemoStack,
  folder: string,
  say: (text: string) => void,
): Promise<string | undefined> {
  const { orphanOf } = await refuseForeignDemo(await stack.folderOf(project), folder);
  if (orphanOf !== undefined)
    say(
      `the demo on this Docker engine was made in ${orphanOf}, which is gone: what is left of it is removed from here`,
    );
  return orphanOf;
}

async function tellTheStory(
  context: CommandContext,
  stack: DemoStack,
  platform: DemoPlatform,
  chapter: (title: string) => void,
): CommandResult {
  const { environment, output } = context;
  return withDesk(environment, async (desk) => {
    const startedBy = startedHere('demo');
    chapter('3. A backup, while the platform works');
    const backup = await desk.start('backup', { platform: platformName, startedBy });
    const taken = await followToEnd(desk, backup, { ...output, document: () => undefined });
    if (taken !== exitCodes.passed) return taken;

    chapter('4. A disaster: every container, every volume and the network are gone');
    await stack.loseEverything(platform);
    const lost = [...Object.values(platform.volumes).flat(), platform.network];
    output.say(`gone: ${lost.join(', ')}, and all containers of ${project}`);

    chapter('5. The restore, from the backup alone');
    const input = { platform: platformName, approvedBy: 'demo', startedBy };
    const restore = await desk.start('restore', input);
    const restored = await followToEnd(desk, restore, { ...output, document: () => undefined });
    if (restored !== exitCodes.passed) return restored;

    chapter('6. A drill: the same restore again, next to the platform, which goes on');
    return rehearse(context, desk, { platform: platformName, folder: demoFolder() });
  });
}

function demoEnvironment(environment: Environment, folder: string): Environment {
  return {
    ...environment,
    platformsFolder: path.join(folder, 'platforms'),
    keyFile: path.join(folder, 'key.txt'),
    taskQueue: 'rekindle-demo',
    logLevel: environment.variables['REKINDLE_LOG_LEVEL'] ?? 'silent',
  };
}

function chapters(say: (text: string) => void) {
  const began = Date.now();
  return (title: string) => say(`\n── ${title} (after ${seconds((Date.now() - began) / 1000)})`);
}
