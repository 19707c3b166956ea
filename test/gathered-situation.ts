import { platformInScene } from '../domain/drills/platform-in-scene.ts';
import { hostOfScene } from '../domain/drills/scene-host.ts';
import { sceneOf, type Scene } from '../domain/drills/scene.ts';
import { outlineOf, type CapturedContainer, type DeploymentCapture } from '../domain/deployment.ts';
import { planDrill } from '../domain/plans/plan-drill.ts';
import type { Platform } from '../domain/platform.ts';
import { sceneCapture } from '../operations/drill/in-scene.ts';
import { demoManifest, demoPaths, demoSituation } from './demo-situation.ts';
import { drillRun } from './drill-situation.ts';
import { capturedThere, spreadPlatform } from './spread-situation.ts';
import { placesOfDemo, swarmPlatform, swarmSituation } from './swarm-situation.ts';
import { mergeCaptures } from '../domain/deployment-hosts.ts';
import { withPlaces } from '../domain/swarm-places.ts';

// Drills of platforms that a scene brings together on one engine.

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** As Docker has it in a service's spec; whole ones are in test/systems/swarm. */
const mounted = (kind: 'Config' | 'Secret', name: string, Name: string, Mode = 0o444) => ({
  [`${kind}Name`]: name,
  File: { Name, UID: '1000', GID: '0', Mode },
});

/** The demo platform on a swarm whose node `other` has ZooKeeper's data. */
export const swarmOnNodes = (): Platform => {
  const platform = withPlaces(swarmPlatform(), placesOfDemo);
  Object.assign(platform.deployment, { secrets: { api_token: { env: 'API_TOKEN' } } });
  return { ...platform, drill: { core: ['api'], memoryBytes: 2 ** 31, processors: 1 } };
};

/** What a manager captured of it: the api has a config, two secrets and templates of Swarm. */
export function swarmCapture(change: (api: Record<string, unknown>) => void = () => undefined): DeploymentCapture {
  const { capture } = swarmSituation();
  const specOf = (service: string) => {
    const api = {
      Configs: [mounted('Config', 'settings', '/etc/api/settings.edn', 0o440), mounted('Config', 'note', 'note')],
      Secrets: [mounted('Secret', 'api_token', 'token', 0o400), mounted('Secret', 'unnamed', 'unnamed')],
    };
    change(api);
    return {
      Name: `demo_${service}`,
      Labels: { 'com.docker.stack.namespace': 'demo' },
      TaskTemplate: {
        ContainerSpec: service === 'api' ? api : {},
        Networks: [{ Target: 'demo_back', Aliases: [`the-${service}`] }],
      },
      Mode: { Replicated: { Replicas: 3 } },
    };
  };
  return {
    version: 1,
    takenAt: '2026-11-21T09:30:00Z',
    host: 'machine',
    project: 'swarm/demo',
    containers: capture.containers.map((container): CapturedContainer => ({
      ...container,
      replicas: 3,
      spec: specOf(container.service),
      needs: {
        secrets: container.service === 'api' ? ['api_token', 'unnamed'] : [],
        configs: container.service === 'api' ? ['note', 'settings'] : [],
        constraints: [],
      },
      create: {
        Env: ['NODE={{.Node.Hostname}}', 'TASK={{ .Service.Name }}/{{.Task.Slot}}'],
        Cmd: ['serve'],
        User: '1000',
        Healthcheck: { Test: ['CMD', 'true'] },
        HostConfig: { Mounts: [], Init: true },
      },
    })),
    networks: [{ name: 'demo_back', create: { Name: 'demo_back', Driver: 'overlay' } }],
    volumes: capture.volumes.map((volume) => ({ ...volume, create: {} })),
    files: [],
    configs: [
      { name: 'settings', labels: {}, contentBase64: base64('{:nuvla true}') },
      {
        name: 'note',
        labels: {},
        templating: { Name: 'golang' },
        contentBase64: base64('{{.Service.Name}} on {{ env "NODE" }} with {{ secret "api_token" }}'),
      },
    ],
    storePaths: demoPaths(),
  };
}

/** Of the demo platform on the hosts `machine` and `other`. */
export const spreadCapture = (): DeploymentCapture => ({
  ...mergeCaptures(capturedThere('machine'), [capturedThere('other')]),
  storePaths: demoPaths(),
});

/** Its scene, its capture there and its plan, as the platform's own host makes them. */
export function gatheredDrill(
  platform: Platform,
  capture: DeploymentCapture,
  secrets: Record<string, string> = { api_token: 'top' },
) {
  const host = hostOfScene(platform, 'machine');
  const scene: Scene = {
    ...sceneOf(platform, { run: drillRun, id: 'ab12cd34' }),
    ...(host !== undefined && { host }),
  };
  const inScene = sceneCapture(capture, { platform, scene, secrets });
  const plan = planDrill({
    platform: platformInScene(platform, scene),
    platformFileHash: 'f'.repeat(64),
    manifest: demoManifest(),
    indices: demoSituation().indices,
    capture: outlineOf(inScene),
    scene,
    host: 'machine',
  });
  return { scene, capture: inScene, plan };
}

export { spreadPlatform };
