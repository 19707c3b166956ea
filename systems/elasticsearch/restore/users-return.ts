import { Failure } from '../../../domain/failures.ts';
import { pause, pollMilliseconds } from '../../pause.ts';
import type { RestoreRequest } from './restore-state.ts';

/** How long the users' own index may take to be readable. */
const patienceMilliseconds = 60_000;

/**
 * Runs `ask` again while the feature state `security` is on its way: it replaces all users, and nobody is known until its
 * index can be read. Failure: WrongCredentials, when the store's user is not among those that came back.
 */
export async function whileUsersReturn<T>(
  { features = {} }: RestoreRequest,
  ask: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;)
    try {
      return await ask();
    } catch (error) {
      const refused = error instanceof Failure && ['WrongCredentials', 'AccessDenied'].includes(error.kind);
      if (!refused || !('security' in features)) throw error;
      if (performance.now() > deadline)
        throw new Failure(
          'WrongCredentials',
          {
            message: `${error.message} The users are those of the snapshot since its feature state "security" was restored`,
            remedy:
              'Give the platform file the username and the password that were valid when the backup was taken, then retry',
          },
          { cause: error },
        );
      await pause(pollMilliseconds, signal);
    }
}
