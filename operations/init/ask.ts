import type { ElasticsearchAnswer, SeenService, ZookeeperAnswer } from '../../domain/init/seen.ts';
import { Failure } from '../../domain/failures.ts';
import type { DockerEngine } from '../../systems/docker/engine.ts';
import { connectElasticsearch } from '../../systems/elasticsearch/client.ts';
import { isStatus } from '../../systems/elasticsearch/errors.ts';
import { clusterIdentity } from '../../systems/elasticsearch/health.ts';
import { resolveIndices } from '../../systems/elasticsearch/indices.ts';
import { listRepositories } from '../../systems/elasticsearch/repository/list-repositories.ts';
import { connectZookeeper } from '../../systems/zookeeper/session.ts';

type Engine = Pick<DockerEngine, 'reach'>;

/** Seconds that a server may take to answer at all. */
const patience = 10;

/** Whether it is Elasticsearch, and what it holds; it is only read. */
export async function askElasticsearch(docker: Engine, service: SeenService): Promise<ElasticsearchAnswer> {
  const at = await addressOf(docker, service, 9200);
  if (at === undefined) return { kind: 'silent' };
  const plain = await askOver('http', at);
  return plain.kind === 'silent' ? askOver('https', at) : plain;
}

async function askOver(scheme: 'http' | 'https', at: { host: string; port: number }): Promise<ElasticsearchAnswer> {
  const client = connectElasticsearch({ scheme, ...at });
  try {
    const { clusterUuid, version } = await clusterIdentity(client);
    const [repositories, indices] = await Promise.all([listRepositories(client), resolveIndices(client, ['*'])]);
    return { kind: 'answered', scheme, clusterUuid, version, repositories, indices };
  } catch (error) {
    const kind = error instanceof Failure ? error.kind : undefined;
    if (kind === 'WrongCredentials' || kind === 'AccessDenied' || isStatus(error, 401, 403))
      return { kind: 'refused', scheme };
    // A certificate that Node does not trust is one all the same: it speaks TLS, and more is not known.
    return kind === 'CertificateRefused' ? { kind: 'refused', scheme: 'https' } : { kind: 'silent' };
  } finally {
    await client.close();
  }
}

/** The nodes that look like a queue of kazoo's: with the children `entries` and `taken`. */
export async function askZookeeper(docker: Engine, service: SeenService): Promise<ZookeeperAnswer> {
  const at = await addressOf(docker, service, 2181);
  if (at === undefined) return { kind: 'silent' };
  try {
    const session = await connectZookeeper({ hosts: `${at.host}:${at.port}`, timeoutSeconds: patience });
    try {
      const names = (await session.children('/'))?.names.toSorted() ?? [];
      const nodes = names.map((name) => `/${name}`);
      const queues: { path: string; entries: number }[] = [];
      for (const path of nodes.slice(0, 100)) {
        const children = await session.countChildren(path);
        // A queue's own node has a handful of children; one with thousands is none, and is not read.
        if (children === undefined || children.present > 20) continue;
        const inside = (await session.children(path))?.names ?? [];
        if (!inside.includes('entries') || !inside.includes('taken')) continue;
        queues.push({ path, entries: (await session.countChildren(`${path}/entries`))?.present ?? 0 });
      }
      return { kind: 'answered', queues, nodes };
    } finally {
      await session.close();
    }
  } catch (error) {
    if (error instanceof Failure) return { kind: 'silent' };
    throw error;
  }
}

/** What the address of the service's own health check answers here; undefined: nothing. */
export async function askHealth(docker: Engine, service: SeenService): Promise<number | undefined> {
  if (service.health === undefined) return undefined;
  const at = await addressOf(docker, service, service.health.port);
  if (at === undefined) return undefined;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  try {
    const signal = AbortSignal.timeout(patience * 1000);
    const answer = await fetch(`http://${host}:${at.port}${service.health.path}`, { signal, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}

/** Undefined: no container of it runs here, or nothing listens. */
async function addressOf(docker: Engine, { container, running }: SeenService, port: number) {
  if (container === undefined || !running) return undefined;
  try {
    return await docker.reach(container, port);
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'DockerUnreachable') return undefined;
    throw error;
  }
}
