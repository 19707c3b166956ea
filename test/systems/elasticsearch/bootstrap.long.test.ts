import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { beginBootstrap, endBootstrap } from '../../../operations/stores/bootstrap.ts';
import { configurationPath } from '../../../operations/stores/node-configuration.ts';
import { connectDocker } from '../../../systems/docker/engine.ts';
import { connectElasticsearch, type Client } from '../../../systems/elasticsearch/client.ts';
import { awaitUsable, clusterIdentity } from '../../../systems/elasticsearch/health.ts';
import type { Dependencies } from '../../../operations/open-platform.ts';

// Two empty nodes, each a container of its own, that look for each other and of which none may make the cluster.

const docker = new Docker();
const engine = connectDocker();
const project = `rkt-${randomBytes(4).toString('hex')}`;
const [first, second] = [`${project}-es01`, `${project}-es02`];

// They talk over the loopback of one network namespace: Elasticsearch then asks nothing of the machine that runs the test.
beforeAll(async () => {
  for (const [name, port, NetworkMode] of [
    [first, 0, 'bridge'],
    [second, 1, `container:${first}`],
  ] as const)
    await docker.createContainer({
      name,
      Image: 'rekindle-stack/elasticsearch:8.19.0',
      Env: [
        `node.name=node-${port}`,
        'transport.host=127.0.0.1',
        `transport.port=${9300 + port}`,
        `http.port=${9200 + port}`,
        'discovery.seed_hosts=127.0.0.1:9300,127.0.0.1:9301',
        'ES_JAVA_OPTS=-Xms400m -Xmx400m',
      ],
      Labels: { 'rekindle.test': 'systems' },
      HostConfig: { NetworkMode },
    });
});
afterAll(async () => {
  for (const name of [second, first]) await docker.getContainer(name).remove({ force: true, v: true });
});

const fileOf = async (name: string) => engine.readText(name, configurationPath(await engine.configOf(name)));

test('one node is named for its first start: it makes the cluster, which the other one joins', async () => {
  const before = await fileOf(first);
  expect(before).toContain('network.host');
  for (let attempt = 0; attempt < 2; attempt += 1)
    await beginBootstrap(engine, { container: first, nodeName: 'node-0' });
  for (const name of [first, second]) await docker.getContainer(name).start();
  const { NetworkSettings } = await docker.getContainer(first).inspect();
  const host = NetworkSettings.Networks['bridge']?.IPAddress ?? '';
  const client: Client = connectElasticsearch({ scheme: 'http', host, port: 9200 });
  try {
    await awaitUsable(client, { timeoutSeconds: 150, nodes: 2 });
    expect((await clusterIdentity(client)).nodes).toHaveLength(2);
  } finally {
    await client.close();
  }
  const call = { platform: 'p', run: 'r', execution: 'e', arguments: { service: 'es01', container: first } };
  await endBootstrap({ docker: engine } as unknown as Dependencies, call);
  expect(await fileOf(first)).toBe(before);
}, 200_000);
