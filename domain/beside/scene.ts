import type { CaptureOutline } from '../deployment.ts';
import { dataInScene, sceneOf, type Scene } from '../drills/scene.ts';
import { usualDrill } from '../drills/drill-policy.ts';
import { servicesOf, storesOfKind, type Platform, type ServiceName } from '../platform.ts';

// A restore beside the platform fills its primary stores in a scene, as a drill does, and swaps them in at the end. Derived
// stores are rebuilt in place: they take seconds, and their folders hold sessions and ids of another ensemble.

/** The platform as far as it is restored beside: its primary stores, and what prepares folders for them. */
export function primaryPart(platform: Platform): Platform {
  const derived = platform.stores.filter(({ kind }) => kind !== 'elasticsearch').flatMap(servicesOf);
  const primary = new Set(storesOfKind(platform, 'elasticsearch').flatMap(servicesOf));
  const left = (service: ServiceName) => derived.includes(service) && !primary.has(service);
  const { deployment } = platform;
  return {
    ...platform,
    deployment: { ...deployment, data: deployment.data.filter((service) => !left(service)) },
    stores: storesOfKind(platform, 'elasticsearch'),
    smoke: [],
    drill: { ...(platform.drill ?? usualDrill), core: [] },
  };
}

/**
 * The scene of a restore. `id`: eight hexadecimal digits that follow from the run, so that the plan which preflight makes once more has
 * the same names. Failures: those of `sceneOf`.
 */
export function sceneBeside(platform: Platform, { run, id }: { run: string; id: string }): Scene {
  return sceneOf(primaryPart(platform), { run, id });
}

/** Of a capture in the scene what the primary stores need. `platform`: as its file describes it. */
export function primaryCapture(capture: CaptureOutline, platform: Platform): CaptureOutline {
  const services = new Set(dataInScene(primaryPart(platform)).map((service) => service.replaceAll('/', '-')));
  const containers = capture.containers.filter(({ service }) => services.has(service));
  const used = new Set(containers.flatMap(({ volumes }) => volumes));
  return { ...capture, containers, volumes: capture.volumes.filter(({ name }) => used.has(name)) };
}
