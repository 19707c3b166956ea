import type Docker from 'dockerode';
import { apiUrl, withElasticsearch } from './clients.ts';
import type { DemoPlatform } from './platform.ts';
import { execIn } from './exec-in.ts';
import { dataServices, secondNode } from './shapes.ts';
import { containersOf, engine, eventually, lastLines, nameOf } from './engine.ts';

const ELASTICSEARCH_SECONDS = 240;
const CORE_SECONDS = 60;
/** Containers by service, when all is up. */
const EXPECTED = {
  elasticsearch: 1,
  [secondNode]: 1,
  zookeeper: 1,
  postgresql: 1,
  etcd: 1,
  api: 1,
  'job-executor': 2,
  'job-distributor': 1,
};
/** Commands in a container that end with 0 once its server answers. */
const ANSWERS = new Map<DemoService, string[]>([
  ['postgresql', ['pg_isready', '--host', '127.0.0.1']],
  ['etcd', ['etcdctl', 'endpoint', 'health']],
]);
/** Services that only some shapes have. */
const OPTIONAL: DemoService[] = [secondNode, 'postgresql', 'etcd'];

export type DemoService = keyof typeof EXPECTED;

/** All services of a platform, in the order in which they are waited for. */
export const servicesOf = ({ shape }: Pick<DemoPlatform, 'shape'>): DemoService[] =>
  (Object.keys(EXPECTED) as DemoService[]).filter(
    (service) => !OPTIONAL.includes(service) || dataServices(shape).includes(service),
  );

/**
 * Waits until the services run and answer: Elasticsearch at least yellow, the api's `/healthz` 200 (which includes
 * ZooKeeper). Throws with the last log lines of the first service that does not.
 */
export async function untilHealthy(
  platform: DemoPlatform,
  log: (line: string) => void = () => undefined,
  services: DemoService[] = servicesOf(platform),
): Promise<void> {
  for (const service of services) {
    const seconds = isElasticsearch(service) ? ELASTICSEARCH_SECONDS : CORE_SECONDS;
    try {
      await eventually(service, seconds, () => check(platform, service));
    } catch (error) {
      throw new Error(`${service} did not become healthy; its last lines:\n${await linesOf(platform, service)}`, {
        cause: error,
      });
    }
    log(`${service} is healthy`);
  }
}

const isElasticsearch = (service: DemoService) => service === 'elasticsearch' || service === secondNode;

async function check(platform: DemoPlatform, service: DemoService): Promise<void> {
  const containers = await containersOf(platform.project, service);
  const running = containers.filter(({ State }) => State === 'running');
  if (running.length < EXPECTED[service]) throw new Error(`${running.length} of ${EXPECTED[service]} run`);
  if (isElasticsearch(service)) {
    const nodes = platform.shape === 'nodes' ? 2 : 1;
    await withElasticsearch(platform, async ({ cluster }) => {
      const health = { wait_for_status: 'yellow', wait_for_nodes: nodes, timeout: '5s' } as const;
      await cluster.health(health, { requestTimeout: 10_000 });
    });
  }
  const command = ANSWERS.get(service);
  if (command) await demandSuccess(engine().getContainer(running[0]?.Id ?? ''), command);
  if (service === 'api') await demand200(`${await apiUrl(platform)}/healthz`);
}

async function demandSuccess(container: Docker.Container, command: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await execIn(container, command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
}

async function demand200(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
}

async function linesOf(platform: DemoPlatform, service: DemoService): Promise<string> {
  const [container] = await containersOf(platform.project, service);
  if (!container) return '(it has no container)';
  return `${nameOf(container)}: ${container.Status}\n${await lastLines(container.Id, 20)}`;
}
