import { checkServerIdentity } from 'node:tls';
import { Client, type ClientOptions } from '@elastic/elasticsearch';
import type { Access, DemoPlatform } from './platform.ts';
import { addressOf } from './engine.ts';
import { Zookeeper } from './zookeeper.ts';

// Addresses as this Linux host reaches them: containers on a bridge network answer it without published ports. They
// change whenever a container is created again, so ask again after a disaster.

export const elasticsearchUrl = async ({ project, network, access }: DemoPlatform): Promise<string> =>
  `${access ? 'https' : 'http'}://${await addressOf(project, 'elasticsearch', network)}:9200`;

export const zookeeperAddress = async ({ project, network }: DemoPlatform): Promise<string> =>
  `${await addressOf(project, 'zookeeper', network)}:2181`;

export const apiUrl = async ({ project, network }: DemoPlatform): Promise<string> =>
  `http://${await addressOf(project, 'api', network)}:8080`;

/** A client without retries: close it. */
export const elasticsearchClient = async (platform: DemoPlatform): Promise<Client> =>
  new Client({
    node: await elasticsearchUrl(platform),
    maxRetries: 0,
    requestTimeout: 60_000,
    ...(platform.access && securedBy(platform.access)),
  });

/** The name is checked by hand: containers are reached by their addresses. */
const securedBy = ({ ca, serverName, username, password }: Access): ClientOptions => ({
  auth: { username, password },
  tls: { ca, checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate) },
});

/** Runs `work` with a client of the platform's Elasticsearch that is closed afterwards. */
export async function withElasticsearch<T>(platform: DemoPlatform, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await elasticsearchClient(platform);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Runs `look` with a ZooKeeper connection that is closed afterwards. */
export async function withZookeeper<T>(
  platform: DemoPlatform,
  look: (zookeeper: Zookeeper) => Promise<T>,
  seconds = 20,
): Promise<T> {
  const zookeeper = await Zookeeper.connect(await zookeeperAddress(platform), seconds);
  try {
    return await look(zookeeper);
  } finally {
    zookeeper.close();
  }
}

/** Names of the queue's entries now, sorted: the order in which executors take them. */
export const queueEntries = (platform: DemoPlatform): Promise<string[]> =>
  withZookeeper(platform, (zookeeper) => zookeeper.children('/job/entries'));

export interface NewJob {
  action: string;
  target: string;
  /** 0 (first) to 999; the api's default is 999. */
  priority?: number;
}

/** Posts a job to the platform's api; answers the job's id (`job/<uuid>`). Throws when the api refuses. */
export async function postJob(platform: DemoPlatform, job: NewJob): Promise<string> {
  const answer = await fetch(`${await apiUrl(platform)}/api/job`, { method: 'POST', body: JSON.stringify(job) });
  if (!answer.ok) throw new Error(`The api refused the job: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { 'resource-id': string })['resource-id'];
}

/** A job's state as the api tells it (`QUEUED`, `RUNNING`, `SUCCESS` …). `id`: `job/<uuid>`. */
export async function jobState(platform: DemoPlatform, id: string): Promise<string> {
  const answer = await fetch(`${await apiUrl(platform)}/api/${id}`);
  if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { state: string }).state;
}
