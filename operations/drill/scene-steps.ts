import { failed, passed, warned } from '../../domain/checks.ts';
import { ChecksFailed } from '../../domain/checks-failed.ts';
import { isServiceOf, restartedBetween, tasksEndedBetween, type Restarted } from '../../domain/container-starts.ts';
import { inventoryWhere, unnamedChanges, type EngineInventory } from '../../domain/engine-inventory.ts';
import { listed } from '../../domain/listed.ts';
import { sceneOfName, type Scene } from '../../domain/drills/scene.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { AskRunState } from '../../domain/recovery-points/unfinished.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import type { Watch } from '../../domain/watch.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { quarantineOf } from '../quarantine/recorded-deployment.ts';

// What a drill does before and after the restore that it rehearses.

/** A drill that no Temporal knows may be another orchestrator's: it is left alone until it can only be a leftover. */
const strangerMs = 24 * 60 * 60 * 1000;

const inventoryObject = 'inventory-before-drill.json';

/** Failure: an error of ours, when a step of a drill comes without its scene: it must never work on the platform itself. */
export function sceneOfCall({ scene, run }: { scene?: Scene; run: string }): Scene {
  if (scene === undefined || scene.run !== run) throw new Error(`The run ${run} has no scene of its own`);
  return scene;
}

/** Removes what is left of drills whose run is over. `runState`: what Temporal knows of a run. */
export async function removeDrillLeftovers(
  { docker, platform }: Pick<OpenPlatform, 'docker' | 'platform'>,
  { run }: Pick<StepCall<'removeDrillLeftovers'>, 'run'>,
  runState: AskRunState,
  { signal }: Watch = {},
): Promise<StepOutcome> {
  const words: string[] = [];
  for (const drill of await docker.listDrills(platform.platform)) {
    signal?.throwIfAborted();
    if (drill.run === run) continue;
    const state = await runState(drill.run);
    const old = drill.since !== undefined && Date.now() - Date.parse(drill.since) > strangerMs;
    if (state === 'running' || (state === 'unknown' && !old)) {
      words.push(`what ${drill.run} made stays: ${state === 'running' ? 'it runs' : 'this Temporal does not know it'}`);
      continue;
    }
    const removed = await docker.removeDrill(drill.run);
    words.push(`${drill.run} had left ${listed(removed)}: removed`);
  }
  return { summary: words.length === 0 ? 'Earlier drills left nothing behind' : words.join('; ') };
}

/** A repeated step keeps what the first attempt saw. */
export async function recordEngine(open: OpenPlatform, call: StepCall<'recordEngine'>): Promise<StepOutcome> {
  const { host, docker, catalogue } = open;
  const owner = quarantineOf(call);
  if ((await catalogue.findRunObject(owner, inventoryObject)) === undefined)
    await catalogue.putRunObject(owner, inventoryObject, encodeJson(await docker.inventory(host, { starts: true })));
  return { summary: `What is on ${host} is recorded` };
}

export async function closeScene(
  { docker }: Pick<OpenPlatform, 'docker'>,
  call: Pick<StepCall<'closeScene'>, 'scene' | 'run'>,
): Promise<StepOutcome> {
  const { run } = sceneOfCall(call);
  const removed = await docker.removeDrill(run);
  return { summary: removed.length === 0 ? 'It was gone already' : `Removed ${listed(removed)}` };
}

const nothingNamed = { containers: [], volumes: [], networks: [] };

/**
 * Compares the engine with what was recorded, on the living platform. What is left of this drill fails it; what others did meanwhile
 * shows as well, so it is a warning, as is a restart of the platform's own containers, and a task of its own that ended. Scenes of other
 * drills and restores come and go as they like, and other containers restart as they like. Failure: VerificationFailed.
 */
export async function proveUntouched(open: OpenPlatform, call: StepCall<'proveUntouched'>): Promise<StepOutcome> {
  const { project, host = open.host } = sceneOfCall(call);
  const { docker, catalogue } = open;
  const recorded = await catalogue.findRunObject(quarantineOf(call), inventoryObject);
  if (recorded === undefined)
    throw new ChecksFailed('The engine cannot be compared', [
      failed('engine', `${host}: what was there before the drill is not recorded`, 'Start the drill again'),
    ]);
  const engines = [decodeJson(recorded) as EngineInventory, await docker.inventory(host, { starts: true })] as const;
  const changesOf = (counts: (name: string) => boolean) => {
    const [before, after] = engines.map((engine) => inventoryWhere(engine, counts)) as [
      EngineInventory,
      EngineInventory,
    ];
    return { before, changes: unnamedChanges(before, after, nothingNamed), restarted: restartedBetween(before, after) };
  };
  const left = changesOf((name) => sceneOfName(name) === project).changes;
  if (left.length > 0)
    throw new ChecksFailed('The drill left something behind', [
      failed('engine', `${host}: ${listed(left)}`, 'Start another drill: it removes what this one left'),
    ]);
  const { before, changes, restarted } = changesOf((name) => sceneOfName(name) === undefined);
  const { own: restartedOwn, others } = byOwner(open, restarted);
  // Of other services tasks come and go.
  const own = [...restartedOwn, ...byOwner(open, tasksEndedBetween(...engines)).own];
  const counts = `${before.containers.length} containers, ${before.volumes.length} volumes and ${before.networks.length} networks`;
  const aside = others.length === 0 ? '' : `; meanwhile, next to the platform: ${listed(others)}`;
  if (changes.length + own.length === 0) {
    const evidence = `${host}: ${counts} are as they were, and nothing was left${aside}`;
    return { summary: evidence, checks: [passed('engine', evidence)] };
  }
  const evidence = `${host}: nothing was left; changed during the drill, by others: ${listed([...own, ...changes])}${aside}`;
  const remedy = `Find out who did it (docker events on ${host}): the drill touches nothing that does not bear its label`;
  const pressed = own.length === 0 ? '' : '. If it ran short of memory, lower drill.memory';
  return { summary: evidence, checks: [warned('engine', evidence, `${remedy}${pressed}`)] };
}

/** Restarts, in words: of the platform's own services, and of what else is on the engine. */
function byOwner(
  { platform: { deployment } }: OpenPlatform,
  restarted: Restarted[],
): { own: string[]; others: string[] } {
  const isOwn = ({ service }: Restarted) => isServiceOf(deployment, service);
  const words = (which: Restarted[]) => which.map((one) => one.words);
  return { own: words(restarted.filter(isOwn)), others: words(restarted.filter((one) => !isOwn(one))) };
}
