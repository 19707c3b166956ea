import { Failure, type FailureKind } from '../../domain/failures.ts';

interface Verdict {
  kind: FailureKind;
  why: string;
  remedy: string;
}

const refused = (why: string, remedy: string): Verdict => ({ kind: 'CatalogueRefused', why, remedy });

const rights = refused(
  'permission denied',
  'Grant the user that runs Rekindle the right to read and write the catalogue directory',
);
const notADirectory = refused(
  'a file stands where a directory is wanted',
  'Name a directory under catalogue.path in the platform file, or move the file out of the way',
);
const full: Verdict = {
  kind: 'ObjectStorageFull',
  why: 'no room is left',
  remedy:
    'Make room where the catalogue lies, or raise its quota, then start again; what was written before is complete',
};
/** Time can help: what is mounted there may come back. */
const away = (why: string): Verdict => ({
  kind: 'ObjectStorageUnreachable',
  why,
  remedy:
    'Check that the disk or the file server of the catalogue directory answers, mount it again if needed, then repeat the step',
});

/** Node's error codes → what they mean for a catalogue directory. */
const verdicts: Record<string, Verdict> = {
  ENOENT: refused(
    'the directory cannot be made',
    'Correct catalogue.path in the platform file, or mount the missing file system',
  ),
  ENOTDIR: notADirectory,
  EACCES: rights,
  EPERM: rights,
  EROFS: refused(
    'the file system is mounted read-only',
    'Mount it for writing, or name another directory under catalogue.path in the platform file',
  ),
  ELOOP: refused('its links lead in a circle', 'Correct the links, or catalogue.path in the platform file'),
  ENAMETOOLONG: refused('the name is too long for the file system', 'Shorten catalogue.path in the platform file'),
  ENOSPC: full,
  EDQUOT: full,
  EIO: away('input/output error'),
  ENODEV: away('the device is gone'),
  ENXIO: away('the device is gone'),
  ESTALE: away('the mount is stale'),
  ENOTCONN: away('the mount is not connected'),
  EHOSTDOWN: away('the file server does not answer'),
  ETIMEDOUT: away('the file server does not answer'),
  EBUSY: away('the file system is busy'),
  EMFILE: away('too many files are open'),
  ENFILE: away('too many files are open'),
  TimeoutError: away('the file system does not answer'),
};

/** `doing` says what was tried, on which object: `Reading x/y`. */
export function directoryFailure(error: unknown, doing: string, where: string): Failure {
  if (error instanceof Failure) return error;
  const { code, name } = error as { code?: unknown; name?: string };
  const cause = typeof code === 'string' ? code : (name ?? 'failed');
  const { kind, why, remedy } =
    verdicts[cause] ?? refused('the file system refuses it', `Search the log of the machine for "${cause}"`);
  return new Failure(kind, { message: `${doing} in ${where}: ${why} (${cause})`, remedy }, { cause: error });
}
