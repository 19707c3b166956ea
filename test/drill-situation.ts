import { primaryPart } from '../domain/beside/scene.ts';
import { captureInScene } from '../domain/drills/capture-in-scene.ts';
import { platformInScene } from '../domain/drills/platform-in-scene.ts';
import { sceneOf, type Scene } from '../domain/drills/scene.ts';
import { outlineOf, type DeploymentCapture } from '../domain/deployment.ts';
import { planDrill } from '../domain/plans/plan-drill.ts';
import type { Platform } from '../domain/platform.ts';
import { demoCapture, demoManifest, demoPaths, demoPlatform, demoSituation } from './demo-situation.ts';

export const drillRun = 'drill/demo/2026-11-29t0300z';

/** The demo platform's capture in full; a test adds what it needs. */
export function wholeCapture(): DeploymentCapture {
  const { containers, networks, volumes } = demoCapture();
  return {
    version: 1,
    takenAt: '2026-11-21T09:30:00Z',
    host: 'machine',
    project: 'demo',
    containers: containers.map((container) => ({
      ...container,
      create: { Labels: { 'com.docker.compose.project': 'demo' }, HostConfig: { PortBindings: { '9200/tcp': [{}] } } },
    })),
    networks: networks.map((name) => ({ name, create: { Name: name } })),
    volumes: volumes.map((volume) => ({ ...volume, create: { Name: volume.name } })),
    files: [],
  };
}

/** Of the demo platform, or one like it: its plan, and its capture in the scene. */
export function drillOf(
  platform: Platform = demoPlatform(),
  capture = wholeCapture(),
  scene: Scene = sceneOf(platform, { run: drillRun, id: 'ab12cd34' }),
  keepHours?: number,
) {
  const body = () => ({ Labels: {}, HostConfig: {} });
  const inScene = captureInScene(capture, { platform, scene, storePaths: demoPaths(), body });
  const { indices } = demoSituation();
  const plan = planDrill({
    platform: platformInScene(platform, scene),
    platformFileHash: 'f'.repeat(64),
    manifest: demoManifest(),
    indices,
    capture: outlineOf(inScene),
    scene,
    host: 'machine',
    ...(keepHours !== undefined && { keepHours }),
  });
  return { plan, capture: inScene, scene };
}

/** One that keeps what it restored, for a restore that promotes it. */
export function keptDrillOf(platform: Platform = demoPlatform(), keepHours = 24) {
  const primary = primaryPart(platform);
  const services = new Set(primary.deployment.data);
  const capture = wholeCapture();
  const containers = capture.containers.filter(({ service }) => services.has(service));
  return drillOf(primary, { ...capture, containers }, undefined, keepHours);
}
