import type { Scene } from '../../domain/drills/scene.ts';

/**
 * What a step's call says about where it works: in the plan's scene when the step is marked, else in the platform's own place.
 * Failure: an error of ours for a marked step without a scene; it must never work on the platform itself.
 */
export function sceneOfStep(step: { id: string; scene?: true }, scene: Scene | undefined): { scene?: Scene } {
  if (step.scene === undefined) return {};
  if (scene === undefined) throw new Error(`The step ${step.id} belongs to a scene, and the plan has none`);
  return { scene };
}
