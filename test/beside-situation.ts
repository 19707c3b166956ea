import { adoptionsOf } from '../domain/beside/adoptions.ts';
import { primaryCapture, primaryPart, sceneBeside } from '../domain/beside/scene.ts';
import { captureInScene } from '../domain/drills/capture-in-scene.ts';
import { platformInScene } from '../domain/drills/platform-in-scene.ts';
import { outlineOf } from '../domain/deployment.ts';
import { whatGoes } from '../domain/plans/mount-fates.ts';
import { planBeside } from '../domain/plans/plan-beside.ts';
import type { RestoreSituation } from '../domain/plans/plan-restore.ts';
import { demoPaths, demoSituation } from './demo-situation.ts';
import { wholeCapture } from './drill-situation.ts';

export const besideRun = 'restore/demo/2026-11-29T03:00:00Z';

/** A restore beside the demo platform, or one like it: what it is planned from, and its plan. */
export function besideOf(change: Partial<RestoreSituation> = {}, capture = wholeCapture()) {
  const inPlace = demoSituation(change);
  const { platform, observed } = inPlace;
  const scene = sceneBeside(platform, { run: besideRun, id: 'ab12cd34' });
  const body = () => ({ Labels: {}, HostConfig: {} });
  const whole = captureInScene(capture, { platform, scene, storePaths: demoPaths(), body });
  const inScene = {
    platform: platformInScene(primaryPart(platform), scene),
    capture: primaryCapture(outlineOf(whole), platform),
  };
  const matched = adoptionsOf({ platform, observed, goes: whatGoes(inPlace), inScene: inScene.capture });
  const situation = { inPlace, inScene, scene, adoptions: matched.adoptions };
  return {
    ...situation,
    ...matched,
    plan: (promotes?: string) => planBeside({ ...situation, ...(promotes !== undefined && { promotes }) }),
  };
}
