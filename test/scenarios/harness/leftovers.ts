import { engine, gone } from '../../../stack/engine.ts';

/** The S3 server carries it: its own tear-down removes it. */
const partOfPlatform = 'rekindle.stack';

/**
 * Containers that a run left because its worker was killed for good: helpers and side containers carry a label whose
 * value names the run, and with it the platform.
 */
export async function removeLeftovers(project: string): Promise<void> {
  const all = await engine().listContainers({ all: true });
  const left = all.filter(
    ({ Labels }) =>
      !(partOfPlatform in Labels) &&
      Object.entries(Labels).some(([label, value]) => label.startsWith('rekindle.') && value.includes(project)),
  );
  await Promise.all(left.map(({ Id }) => gone(engine().getContainer(Id).remove({ force: true, v: true }))));
}
