import { eventually } from '../../../stack/engine.ts';
import { docker } from './engines.ts';
import { dataOf } from './platform.ts';
import type { ThreeHosts } from './three-hosts.ts';

/** A document that a restore brings back, or that it undoes. */
export async function write(three: ThreeHosts, id: string): Promise<void> {
  await three.ask(`/nuvla-note/_doc/${id}?refresh=true`, { method: 'PUT', body: { id: `note/${id}` } });
}

export async function notes(three: ThreeHosts): Promise<string[]> {
  const { hits } = (await three.ask('/nuvla-note/_search?size=100')) as { hits: { hits: { _id: string }[] } };
  return hits.hits.map(({ _id }) => _id).toSorted();
}

/** A container and a volume of somebody else on each host. Answers with what must not change. */
export async function putBystanders({
  platform,
  hosts,
}: Pick<ThreeHosts, 'platform' | 'hosts'>): Promise<() => Promise<string[]>> {
  const name = `${platform}-bystander`;
  for (const host of hosts) {
    const [image = ''] = (await docker(host, ['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n');
    await docker(host, ['create', '--name', name, '--network', 'none', '--volume', `${name}:/kept`, image, 'true']);
  }
  return () =>
    Promise.all(
      hosts.map(async (host) => {
        const id = await docker(host, ['inspect', '--format', '{{.Id}} {{.Created}}', name]);
        return `${id} ${await docker(host, ['volume', 'inspect', '--format', '{{.CreatedAt}}', name])}`;
      }),
    );
}

/** Every container of the platform is gone on every host, and every volume of data with it. */
export async function loseEverything(three: ThreeHosts): Promise<void> {
  const { platform, hosts } = three;
  const mine = `label=com.docker.compose.project=${platform}`;
  await Promise.all(
    hosts.map(async (host) => {
      const found = await docker(host, ['ps', '--all', '--quiet', '--filter', mine]);
      await docker(host, ['rm', '--force', ...found.split('\n')]);
    }),
  );
  for (const { host, volumes } of dataOf)
    await docker(three.host(host), ['volume', 'rm', ...volumes.map((volume) => `${platform}_${volume}`)]);
}

/** From the front on c to the API and the queue on b, and from there into the database on a. */
export async function runJob(three: ThreeHosts): Promise<void> {
  const asked = { action: 'start_deployment', target: 'deployment/after-restore', priority: 0 };
  const job = (await three.askApi('/api/job', asked)) as { 'resource-id': string };
  const id = job['resource-id'].replace(/^job\//, '');
  await eventually('the job is done', 120, async () => {
    expect(await three.ask(`/nuvla-job/_doc/${id}`)).toMatchObject({ _source: { state: 'SUCCESS' } });
  });
}
