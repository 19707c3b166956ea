import type { SecretReference } from '../platform.ts';
import { asks, isPlain, says, type Part, type Place } from './proposal.ts';
import type { SeenService } from './seen.ts';

/** Where secrets are expected that nobody could find. */
const folder = '/etc/rekindle/secrets';

/**
 * A reference to a secret: to the file that one of the services has for it, else to where a person must put it. `wanted`:
 * which names of files are meant; `name`: what the file is called otherwise.
 */
export function secretFor(
  services: readonly SeenService[],
  { at, wanted, name, what }: { at: Place; wanted: RegExp; name: string; what: string },
): Part<SecretReference> {
  const files = services.flatMap(({ service, secretFiles }) =>
    Object.entries(secretFiles).flatMap(([file, source]) =>
      source !== undefined && isPlain(source) && wanted.test(file) ? [{ service, source }] : [],
    ),
  );
  const [found] = files;
  if (found)
    return { value: { file: found.source }, remarks: [says(at, `The file that ${found.service} has for it.`)] };
  const file = `${folder}/${name}`;
  return {
    value: { file },
    remarks: [asks(at, `Put ${what} into this file, readable by the worker; or name another: { file: … }, { env: … }`)],
  };
}
