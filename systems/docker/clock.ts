import type Docker from 'dockerode';

/** How many seconds this machine's clock is ahead of the engine's; undefined when it does not say what time it is. */
export async function clock(docker: Docker): Promise<number | undefined> {
  const asked = Date.now();
  const { SystemTime } = (await docker.info()) as { SystemTime?: string };
  const said = Date.parse(SystemTime ?? '');
  return Number.isNaN(said) ? undefined : ((asked + Date.now()) / 2 - said) / 1000;
}
