import { awaitZookeeper } from '../../../systems/zookeeper/session.ts';
import { startContainer, type StartedContainer } from '../start-container.ts';

export interface ZookeeperServer extends StartedContainer {
  hosts: string;
}

/** A ZooKeeper of the test's own, ready to take sessions. */
export async function startZookeeper(environment: Record<string, string> = {}): Promise<ZookeeperServer> {
  const container = await startContainer('rekindle-stack/zookeeper:3.9.4', { environment });
  const hosts = `${container.address}:2181`;
  try {
    await awaitZookeeper({ hosts, timeoutSeconds: 60 });
    return { ...container, hosts };
  } catch (error) {
    await container.remove();
    throw error;
  }
}
