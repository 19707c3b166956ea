import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { type Client, connectElasticsearch, connectNodes, nodeUrl } from '../../../systems/elasticsearch/client.ts';
import { scratchSettings } from '../../../systems/elasticsearch/scratch-settings.ts';
import { unless } from '../../../systems/docker/failures.ts';
import { useAtEnd } from '../../at-end.ts';
import { waitFor } from '../../wait-for.ts';
import { startSecured } from '../secured-elasticsearch.ts';

// A restore beside fills its data in a server as of a drill: without security, in a cluster of another name.

const docker = new Docker();

async function identityOf(client: Client): Promise<{ cluster_name: string; cluster_uuid: string }> {
  const filter_path = ['cluster_name', 'cluster_uuid'];
  return (await client.cluster.state({ metric: 'metadata', filter_path })) as Awaited<ReturnType<typeof identityOf>>;
}
const atTestEnd = useAtEnd();

test('data of a server without security serves one with it, under another cluster name, after a gentle stop', async () => {
  const name = `rkt-${randomBytes(4).toString('hex')}`;
  await docker.createVolume({ Name: name });
  atTestEnd(() => docker.getVolume(name).remove());
  const filling = await docker.createContainer({
    name,
    Image: 'rekindle-stack/elasticsearch:8.19.0',
    ...scratchSettings({}, 9200),
    Labels: { 'rekindle.test': 'systems' },
    HostConfig: { Binds: [`${name}:/usr/share/elasticsearch/data`] },
  });
  atTestEnd(() => unless([404], filling.remove({ force: true, v: true })));
  await filling.start();
  const { NetworkSettings } = await filling.inspect();
  const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
  const plain = connectElasticsearch({ scheme: 'http', host, port: 9200 });
  atTestEnd(() => plain.close());
  await waitFor(() => plain.cluster.health({ wait_for_status: 'yellow' }), { timeout: 120_000 });
  await plain.index({ index: 'filled', document: { answer: 42 }, refresh: true });
  const formed = await identityOf(plain);
  await filling.stop({ t: 30 });
  // What stopGently demands of it, as operations/services/containers.ts has it.
  expect([0, 143]).toContain((await filling.inspect()).State.ExitCode);

  const secured = await startSecured({
    users: { ann: { password: 'of-the-tests', roles: ['superuser'] } },
    settings: { 'cluster.name': 'production', 'node.name': 'es-1' },
    data: name,
  });
  atTestEnd(() => secured.remove());
  const reach = { scheme: 'http', host: secured.address, port: 9200 } as const;
  const stranger = connectElasticsearch(reach);
  const ann = connectNodes([{ url: nodeUrl(reach) }], { username: 'ann', password: 'of-the-tests' });
  atTestEnd(() => Promise.all([stranger.close(), ann.close()]));
  await waitFor(() => ann.cluster.health({ wait_for_status: 'yellow' }), { timeout: 60_000 });
  expect(await ann.count({ index: 'filled' })).toMatchObject({ count: 1 });
  expect(await identityOf(ann)).toEqual({ ...formed, cluster_name: 'production' });
  await expect(stranger.count({ index: 'filled' })).rejects.toThrow(/security_exception/);
}, 300_000);
