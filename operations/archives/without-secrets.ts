import { holdsSecret } from '../../config/redaction.ts';
import { Failure } from '../../domain/failures.ts';

/** The text itself. Failure: InvalidPlatformFile, for a value that does not belong into a file which leaves the machine. */
export function withoutSecrets(text: string, what: string): string {
  if (!holdsSecret(text) && !text.includes('AGE-SECRET-KEY-')) return text;
  throw new Failure('InvalidPlatformFile', {
    message: `${what} holds the value of a secret, which would stand in the archive`,
    remedy: 'Name the secret by its file or variable in it',
  });
}
