import { catalogueEntry, platformEntry, repositoryEntry, scriptEntry, type ArchiveHeader } from './archive.ts';

/** What a person reads who has this file and nothing else. `noScript`: why there is none. */
export function archiveReadme(header: ArchiveHeader, noScript?: string): string {
  const { platform, point, exportedAt, artefacts, recipient, stores, images } = header;
  const files = stores.map(({ store, snapshot, place, files: count }) =>
    artefacts === 'data'
      ? `${repositoryEntry(store, '').padEnd(26)} the ${count} files of the snapshot ${snapshot}, from ${place}`
      : `(${repositoryEntry(store, '').padEnd(24)}  is not in it: the snapshot ${snapshot} stays in ${place})`,
  );
  if (images !== undefined)
    files.push(
      `${'images/'.padEnd(26)} the images ${images.map(({ reference }) => reference).join(', ')}: cat images/* | docker load`,
    );
  return `The recovery point ${point} of ${platform}, exported at ${exportedAt}.

${platformEntry.padEnd(26)} the platform file; it names secrets and holds none
${catalogueEntry('').padEnd(26)} the recovery point's objects, under their keys in the catalogue; capture.age is encrypted
${files.join('\n')}
${noScript === undefined ? `${scriptEntry.padEnd(26)} the plan of a restore as a script, made on the machine that exported it` : `(${scriptEntry.padEnd(24)}  is missing: ${noScript})`}

Check all of it:  sha256sum --check SHA256SUMS
Bring it back:    rekindle import FILE.tgz --to …, then rekindle restore ${platform} --point ${point}

From your safe: the key file of "rekindle keygen"${recipient === undefined ? '' : `, whose public key is ${recipient}`}; and the secrets that ${platformEntry} names.
`;
}
