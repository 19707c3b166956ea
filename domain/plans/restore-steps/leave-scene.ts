import { containerInScene, wayInScene, type Scene } from '../../drills/scene.ts';
import { storesOfKind, type Platform } from '../../platform.ts';
import type { Step, StepId } from '../steps.ts';

const never = { name: 'no', maximumRetryCount: 0 } as const;
/** It only forwards, and nobody is left who asks it. */
const wayGraceSeconds = 5;

/** What was proven in a scene is about to serve in place: its servers forget where it came from and stop, so that their data is whole. */
export function leaveSteps(platform: Platform, scene: Scene, proven: StepId[]): Step[] {
  return storesOfKind(platform, 'elasticsearch').flatMap(({ name, service }): Step[] => [
    { id: `leave-${name}`, action: 'leaveScene', arguments: { store: name }, after: proven },
    {
      id: `beside-stop-${service}`,
      action: 'stopService',
      arguments: {
        service,
        containers: [{ name: containerInScene(scene, service), restartPolicy: never }],
        graceSeconds: platform.deployment.stopGraceSeconds,
        gently: true,
      },
      after: [`leave-${name}`],
    },
    // It may be on the platform's own network, where the fence lets nobody be whom it does not know.
    {
      id: `close-way-${name}`,
      action: 'stopService',
      arguments: {
        service: 'way',
        containers: [{ name: wayInScene(scene, name), restartPolicy: never }],
        graceSeconds: wayGraceSeconds,
      },
      after: [`beside-stop-${service}`],
    },
  ]);
}
