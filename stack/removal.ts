import { containersOf, engine, gone, PROJECT_LABEL } from './engine.ts';

/** Removes containers of a project (or of some of its services) at once, without a stop. */
export async function removeContainers(project: string, services?: string[]): Promise<void> {
  const found = services
    ? (await Promise.all(services.map((service) => containersOf(project, service)))).flat()
    : await containersOf(project);
  await Promise.all(found.map(({ Id }) => gone(engine().getContainer(Id).remove({ force: true, v: true }))));
}

/** Removes the named volumes, and all that carry the project's label. Their containers must be gone. */
export async function removeVolumes(project: string, names: string[]): Promise<void> {
  const label = [`${PROJECT_LABEL}=${project}`];
  const listed = (await engine().listVolumes({ filters: { label } })) as { Volumes: { Name: string }[] | null };
  const all = new Set([...names, ...(listed.Volumes ?? []).map(({ Name }) => Name)]);
  await Promise.all([...all].map((name) => gone(engine().getVolume(name).remove())));
}

/** Removes a network; containers of others that are still on it are taken off first. */
export async function removeNetwork(name: string): Promise<void> {
  const network = engine().getNetwork(name);
  const found = (await network.inspect().catch(() => undefined)) as
    { Containers?: Record<string, unknown> } | undefined;
  for (const Container of Object.keys(found?.Containers ?? {})) {
    await gone(network.disconnect({ Container, Force: true }));
  }
  await gone(network.remove());
}
