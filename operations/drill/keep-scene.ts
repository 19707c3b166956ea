import { insideOf, type KeptScene } from '../../domain/drills/kept.ts';
import { Failure } from '../../domain/failures.ts';
import { listed } from '../../domain/listed.ts';
import type { StepOutcome } from '../../domain/plans/steps.ts';
import type { StepCall } from '../../domain/runs/run.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { OpenPlatform } from '../open-platform.ts';
import { ownerOf, quarantineOf } from '../quarantine/recorded-deployment.ts';
import { sceneOfCall } from './scene-steps.ts';

/** The object of a drill that says what it keeps, and for how long. */
const keptObject = 'kept.json';

/** Records what the scene holds, for `readKept`; the waiting is the workflow's. Failure: VerificationFailed when something in it runs. */
export async function keepScene(open: OpenPlatform, call: StepCall<'keepScene'>): Promise<StepOutcome> {
  const { recoveryPoint, hours } = call.arguments;
  const scene = sceneOfCall(call);
  const inside = insideOf(scene, await open.docker.inventory(open.host));
  const running = inside.containers.filter((container) => container.running).map(({ name }) => name);
  if (running.length > 0)
    throw new Failure('VerificationFailed', {
      message: `Of what the drill is to keep, ${listed(running)} still runs: its data is not whole`,
      remedy: 'Find out who started it (docker events), then drill again',
    });
  const until = new Date(Date.now() + hours * 3_600_000).toISOString();
  const kept: KeptScene = { scene, recoveryPoint, until, inside };
  await open.catalogue.putRunObject(quarantineOf(call), keptObject, encodeJson(kept));
  return { summary: `${listed(inside.volumes.map(({ name }) => name))} kept until ${until}` };
}

/** What a drill keeps. Failure: RunNotFound, when it keeps nothing. */
export async function readKept({ catalogue, platform }: OpenPlatform, drill: string): Promise<KeptScene> {
  for (const owner of await catalogue.runsWithObjects()) {
    if (ownerOf(owner)?.run !== drill) continue;
    const found = await catalogue.findRunObject(owner, keptObject);
    if (found) return decodeJson(found) as KeptScene;
  }
  throw new Failure('RunNotFound', {
    message: `${drill} keeps nothing of ${platform.platform} that could be promoted`,
    remedy: `Take one that does: rekindle drill ${platform.platform} --keep 24; or restore with --beside`,
  });
}
