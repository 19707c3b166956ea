import { checkGathered } from '../../../domain/drills/not-rehearsed.ts';
import { platformInScene } from '../../../domain/drills/platform-in-scene.ts';
import { hostOfScene } from '../../../domain/drills/scene-host.ts';
import { sceneOf } from '../../../domain/drills/scene.ts';
import type { CapturedContainer, DeploymentCapture } from '../../../domain/deployment.ts';
import { isSpread } from '../../../domain/hosts.ts';
import type { Platform } from '../../../domain/platform.ts';
import { demoPlatform } from '../../demo-situation.ts';
import { drillRun } from '../../drill-situation.ts';
import { gatheredDrill, spreadCapture, spreadPlatform, swarmCapture, swarmOnNodes } from '../../gathered-situation.ts';
import { swarmPlatform } from '../../swarm-situation.ts';

// A drill's scene is plain containers on one engine, however the platform is deployed.

const named = ({ containers }: DeploymentCapture, service: string) =>
  containers.find((container) => container.service === service) as CapturedContainer;
const textOf = ({ contentBase64 }: { contentBase64: string }) => Buffer.from(contentBase64, 'base64').toString();
/** On that engine, with the queue on the other one. */
const on = (host: string, platform: Platform): Platform => ({
  ...platform,
  drill: { core: ['api'], memoryBytes: 2 ** 31, processors: 1, host },
});

describe('where', () => {
  test('a platform of plain containers on one host stays there, and its plan names no host', () => {
    expect(hostOfScene(demoPlatform(), 'machine')).toBeUndefined();
  });

  test('else where the documents lie, or on the host that the platform file names', () => {
    const onNodes = swarmOnNodes();
    expect(hostOfScene(onNodes, 'machine')).toBe('machine');
    Object.assign(onNodes.deployment, { hosts: { elasticsearch: 'data' } });
    expect(hostOfScene(onNodes, 'machine')).toBe('data');
    expect(hostOfScene(swarmPlatform(), 'manager')).toBe('manager');
    expect(hostOfScene(spreadPlatform(), 'machine')).toBe('machine');
    expect(hostOfScene(on('other', spreadPlatform()), 'machine')).toBe('other');
  });

  test.each([
    ['of a swarm', swarmOnNodes(), swarmCapture()],
    ['of several hosts', spreadPlatform(), spreadCapture()],
  ])(
    'every step of a drill %s runs on that one host; on the platform own host none says so',
    (_what, platform, capture) => {
      const there = gatheredDrill(on('other', platform), capture);
      expect(new Set(there.plan.steps.map(({ host }) => host))).toEqual(new Set(['other']));
      expect(there.plan.scene?.host).toBe('other');
      expect(new Set(there.capture.volumes.map(({ host }) => host))).toEqual(new Set(['other']));
      const here = gatheredDrill(on('machine', platform), capture);
      expect(here.plan.steps.filter(({ host }) => host !== undefined)).toEqual([]);
      const inScene = platformInScene(platform, there.scene);
      expect(inScene.deployment).toMatchObject({ kind: 'compose', host: 'other' });
      expect(isSpread(inScene)).toBe(false);
    },
  );

  test('what nothing creates again cannot be rehearsed', () => {
    const { project: _, ...rest } = demoPlatform().deployment as { project: string } & Platform['deployment'];
    const bare = { ...demoPlatform(), deployment: { ...rest, kind: 'none' } as Platform['deployment'] };
    expect(() => sceneOf(bare, { run: drillRun, id: 'x' })).toThrow(/nothing says how its servers are created/);
  });
});

describe('a service of a swarm as a container', () => {
  test('has its program, user and health check, and templates filled in; it is found by the names of the service', () => {
    const { capture, scene } = gatheredDrill(swarmOnNodes(), swarmCapture());
    const api = named(capture, 'api');
    expect(api).toMatchObject({
      name: 'rekindle-drill-ab12cd34-api',
      networks: [scene.project],
      create: {
        Cmd: ['serve'],
        User: '1000',
        Env: ['NODE=machine', 'TASK=demo_api/1'],
        Healthcheck: { Test: ['CMD', 'true'] },
        HostConfig: { Init: true, Memory: 512 * 2 ** 20, NetworkMode: scene.project },
      },
    });
    const { EndpointsConfig } = api.create['NetworkingConfig'] as {
      EndpointsConfig: Record<string, { Aliases: string[] }>;
    };
    expect(EndpointsConfig[scene.project]?.Aliases).toEqual(
      expect.arrayContaining(['the-api', 'demo_api', 'api', 'tasks.demo_api', 'tasks.api', 'tasks.the-api']),
    );
    expect(JSON.stringify(capture)).not.toMatch(/service:|"spec"|"replicas"|"needs"/);
  });

  test('has configs and secrets as files of its own, with their modes and owners', () => {
    const { ownFiles = [] } = named(gatheredDrill(swarmOnNodes(), swarmCapture()).capture, 'api');
    expect(ownFiles.map((file) => [file.path, file.mode, file.uid, textOf(file)])).toEqual([
      ['/etc/api/settings.edn', 0o440, 1000, '{:nuvla true}'],
      ['/note', 0o444, 1000, 'demo_api on machine with top'],
      ['/run/secrets/token', 0o400, 1000, 'top'],
    ]);
  });

  test('a database gets secrets that its image reads as it starts, and not the settings of its cluster', () => {
    const capture = swarmCapture();
    const file = (Name: string) => ({ File: { Name } });
    const config = '/usr/share/elasticsearch/config';
    Object.assign(named(capture, 'elasticsearch').spec!['TaskTemplate'] as object, {
      ContainerSpec: {
        Configs: [
          { ConfigName: 'settings', ...file(`${config}/elasticsearch.yml`) },
          { ConfigName: 'settings', ...file(`${config}/synonyms.txt`) },
        ],
        Secrets: [{ SecretName: 'api_token', ...file('s3_key') }],
      },
    });
    const { ownFiles = [] } = named(gatheredDrill(swarmOnNodes(), capture).capture, 'elasticsearch');
    expect(ownFiles.map(({ path }) => path)).toEqual([`${config}/synonyms.txt`, '/run/secrets/s3_key']);
  });

  test('what cannot be rehearsed is said, with each file that a container lacks; of services that do not start, nothing', () => {
    const platform = swarmOnNodes();
    const { scene } = gatheredDrill(platform, swarmCapture());
    const check = checkGathered(swarmCapture(), { platform, scene, secrets: ['api_token'] });
    expect(check).toMatchObject({ name: 'drill scene', verdict: 'pass', warning: true });
    expect(check?.evidence).toMatch(/on machine; not rehearsed: Swarm's placement, overlay networks, replicas/);
    expect(check?.evidence).toContain('api has no /run/secrets/unnamed: deployment.secrets does not say where');
    expect(check?.evidence).not.toContain('api_token');
    const noCore = { ...platform, drill: { core: [], memoryBytes: 2 ** 31, processors: 1 } };
    const without = gatheredDrill(noCore, swarmCapture());
    expect(checkGathered(swarmCapture(), { platform: noCore, scene: without.scene, secrets: [] })).toMatchObject({
      remedy: '',
    });
  });

  test('a config that the capture lacks, and a template that only Swarm fills in, are named', () => {
    const platform = swarmOnNodes();
    const capture = swarmCapture();
    capture.configs = [{ ...capture.configs![1]!, contentBase64: Buffer.from('{{ range . }}').toString('base64') }];
    const { scene } = gatheredDrill(platform, capture);
    const { evidence } = checkGathered(capture, { platform, scene, secrets: [] })!;
    expect(evidence).toContain('/etc/api/settings.edn: the capture does not hold the config settings');
    expect(evidence).toContain('/note: the config note has a template that only Swarm fills in');
  });
});

describe('what lies on another host', () => {
  test('volumes of one name on two hosts are two in the scene', () => {
    const capture = spreadCapture();
    for (const service of ['elasticsearch', 'zookeeper']) {
      const container = named(capture, service);
      container.mounts = container.mounts.map((mount) => ({ ...mount, source: 'demo_data' }));
      container.volumes = ['demo_data'];
    }
    const inScene = gatheredDrill(spreadPlatform(), capture).capture;
    const [one] = named(inScene, 'elasticsearch').volumes;
    expect(named(inScene, 'zookeeper').volumes).not.toContain(one);
  });

  test('files are put into the container, from the capture of their own host; what is larger is named as lacking', () => {
    const platform = { ...on('other', spreadPlatform()) };
    const capture = spreadCapture();
    const bind = (source: string, destination: string) =>
      ({ type: 'bind', source, destination, readOnly: true }) as const;
    const api = named(capture, 'api');
    api.mounts = [
      bind('/etc/demo.conf', '/etc/api.conf'),
      bind('/srv/large', '/large'),
      { type: 'volume', source: 'demo_cache', destination: '/cache', readOnly: false },
      bind('/var/run/docker.sock', '/var/run/docker.sock'),
    ];
    const { capture: inScene, scene } = gatheredDrill(platform, capture);
    const { mounts, ownFiles = [] } = named(inScene, 'api');
    expect(mounts).toEqual([]);
    expect(ownFiles.map((file) => [file.path, textOf(file)])).toEqual([['/etc/api.conf', 'machine']]);
    const { evidence } = checkGathered(capture, { platform, scene, secrets: [] })!;
    expect(evidence).toContain('api has no /large: /srv/large is not on other');
    expect(evidence).toContain('api has no /cache: demo_cache is not on other');
    expect(evidence).not.toMatch(/docker\.sock|api\.conf/);
  });

  test('on its own host it is mounted to be read, as in any drill', () => {
    const capture = spreadCapture();
    const mount = { type: 'bind', source: '/etc/demo.conf', destination: '/etc/api.conf', readOnly: false } as const;
    named(capture, 'api').mounts = [mount];
    const inScene = gatheredDrill(on('machine', spreadPlatform()), capture).capture;
    expect(named(inScene, 'api')).toMatchObject({ mounts: [{ ...mount, readOnly: true }] });
    expect(named(inScene, 'api').ownFiles).toBeUndefined();
  });

  test('a core service of a swarm has no node of its own: its folder is brought, its volume is there only where one is', () => {
    const capture = swarmCapture((api) => Object.assign(api, { Configs: [], Secrets: [] }));
    const file = { path: '/srv/conf/a', mode: 0o644, uid: 0, gid: 0, contentBase64: 'YQ==' };
    capture.files = [{ ...file, host: 'other' }];
    capture.volumes.push({ name: 'demo_plugins', host: 'machine', create: {} });
    const volume = (source: string) =>
      ({ type: 'volume', source, destination: `/${source}`, readOnly: false }) as const;
    named(capture, 'api').mounts = [
      { type: 'bind', source: '/srv/conf', destination: '/conf', readOnly: true },
      volume('demo_plugins'),
      volume('demo_elsewhere'),
    ];
    const api = named(gatheredDrill(swarmOnNodes(), capture).capture, 'api');
    expect(api.mounts.map(({ source }) => source)).toEqual(['demo_plugins']);
    expect(api.ownFiles).toMatchObject([{ path: '/conf/a' }]);
  });
});
