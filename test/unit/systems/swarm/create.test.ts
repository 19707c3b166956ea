import type Docker from 'dockerode';
import type { DeploymentCapture } from '../../../../domain/deployment.ts';
import { createServices } from '../../../../systems/docker/swarm/create.ts';

const refused = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

const capture = {
  containers: [
    {
      name: 'service:db_es',
      image: { reference: 'es:1', digest: 'sha256:1' },
      create: { HostConfig: {} },
      networks: ['back'],
      volumes: [],
      needs: { secrets: [], configs: [], constraints: [] },
      spec: {
        Name: 'db_es',
        TaskTemplate: { ContainerSpec: { Image: 'es:1' }, Networks: [{ Target: 'back' }] },
        Mode: { Replicated: { Replicas: 1 } },
      },
    },
  ],
  networks: [{ name: 'back', create: { Driver: 'overlay' } }],
  volumes: [],
  files: [],
} as unknown as DeploymentCapture;

/** A manager whose engine lists the network `old` as long as it is asked less than `goes` times; the swarm has forgotten it. */
function manager(goes: number, status = 500) {
  const made: { networks: string[]; targets: string[] } = { networks: [], targets: [] };
  let asked = 0;
  const image = { inspect: () => Promise.resolve({ Id: 'sha256:1', Config: {} }) };
  const docker = {
    getService: () => ({ inspect: () => Promise.reject(refused(404, 'service db_es not found')) }),
    getImage: () => image,
    listNetworks: () =>
      Promise.resolve([
        ...(++asked < goes ? [{ Name: 'back', Id: 'old' }] : []),
        ...made.networks.map((Id) => ({ Name: 'back', Id })),
      ]),
    listSecrets: () => Promise.resolve([]),
    listConfigs: () => Promise.resolve([]),
    createNetwork: () => Promise.resolve(made.networks.push('new')),
    createService: ({ TaskTemplate }: { TaskTemplate: { Networks: { Target: string }[] } }) => {
      const [{ Target } = { Target: '' }] = TaskTemplate.Networks;
      made.targets.push(Target);
      return made.networks.includes(Target)
        ? Promise.resolve({ ID: 's1' })
        : Promise.reject(refused(status, `network ${Target} not found`));
    },
  };
  return { docker: docker as unknown as Docker, made };
}

// The engine says 500; another version of it may say what it means.
test.each([500, 404])(
  'a network that is listed and unknown to the swarm (%d) is waited for, and made anew',
  async (status) => {
    const { docker, made } = manager(4, status);
    expect(await createServices(docker, capture, ['service:db_es'])).toEqual([
      { name: 'service:db_es', outcome: 'created' },
    ]);
    expect(made).toEqual({ networks: ['new'], targets: ['old', 'new'] });
  },
);

test('whoever waits for it can be stopped', async () => {
  const stop = new AbortController();
  const { docker } = manager(Number.POSITIVE_INFINITY);
  const creating = createServices(docker, capture, ['service:db_es'], { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(creating).rejects.toThrow('enough');
});
