import type { SecretReference } from '../platform.ts';
import { asks, isName, isPlain, says, type Part, type Place } from './proposal.ts';
import type { SeenService } from './seen.ts';

/** Where secrets are expected that nobody could find. */
const folder = '/etc/rekindle/secrets';

interface Wanted {
  at: Place;
  /** Which names of files are meant. */
  wanted: RegExp;
  /** The name of the file in the container, where it is known. */
  file?: string;
  /** What the file is called otherwise. */
  name: string;
  what: string;
}

/** A reference to a secret: to the file that one of the services has for it, else to where a person must put it. */
export function secretFor(
  services: readonly SeenService[],
  { at, wanted, file: known, name, what }: Wanted,
): Part<SecretReference> {
  const files = services.flatMap(({ service, secretFiles }) =>
    Object.entries(secretFiles).map(([file, source]) => ({ service, file, source })),
  );
  const meant = files.filter(({ file }) => (known === undefined ? wanted.test(file) : file === known));
  const found = meant.find(({ source }) => source !== undefined && isPlain(source));
  if (found?.source !== undefined)
    return { value: { file: found.source }, remarks: [says(at, `The file that ${found.service} has for it.`)] };
  // A Swarm secret has no file on a host: its name says where to put its value.
  const named = known !== undefined && isName(known) ? known : name;
  return {
    value: { file: `${folder}/${named}` },
    remarks: [asks(at, `Put ${what} into this file, readable by the worker; or name another: { file: … }, { env: … }`)],
  };
}
