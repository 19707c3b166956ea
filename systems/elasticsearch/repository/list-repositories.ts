import type { Client } from '../client.ts';
import { attempt } from '../errors.ts';
import { readRepository, type RegisteredRepository } from './repository.ts';

/** Every snapshot repository that is registered, by name. */
export async function listRepositories(client: Client): Promise<RegisteredRepository[]> {
  const names = await attempt('list the repositories', async () => Object.keys(await client.snapshot.getRepository()));
  const found = await Promise.all(names.toSorted().map((name) => readRepository(client, name)));
  return found.filter((repository) => repository !== undefined);
}
