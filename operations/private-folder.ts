import { Failure } from '../domain/failures.ts';
import { makeFolders } from '../systems/make-folders.ts';

/** Creates a folder with its parents; only their owner may look into them. Failure: InvalidArgument, with `remedy`. */
export async function makePrivateFolder(folder: string, remedy: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure(
      'InvalidArgument',
      { message: `The folder ${folder} cannot be created: ${code}`, remedy },
      { cause: error },
    );
  }
}
