import { existsSync } from 'node:fs';
import { Failure } from '../../domain/failures.ts';

/** Package and image hold what runs Rekindle, and nothing to make a demo platform from. Failure: InvalidArgument. */
export function refuseOutsideClone(): void {
  // Next to the sources, or next to the folder that they were built into.
  const places = ['../../stack/compose.yaml', '../../../stack/compose.yaml'];
  if (places.some((place) => existsSync(new URL(place, import.meta.url)))) return;
  throw new Failure('InvalidArgument', {
    message: 'This installation holds no demo platform',
    remedy: 'Run "npm run demo" in a clone of the repository',
  });
}
