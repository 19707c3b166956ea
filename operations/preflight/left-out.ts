import { warned, type Check } from '../../domain/checks.ts';
import { listed } from '../../domain/listed.ts';

/** Said at backup time and by each preflight, since a new machine does not have them. */
export function checkLeftOut(paths: string[] = []): Check | undefined {
  if (paths.length === 0) return undefined;
  return warned(
    'capture',
    `Mounted from the host, larger than 1 MiB and so not in the capture: ${listed(paths)}`,
    'Back them up by other means: on a new machine they must be there before the restore, or the services find them empty',
  );
}
