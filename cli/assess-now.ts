import type { RestoreInput } from '../domain/runs/run.ts';
import type { OpenPlatform } from '../operations/open-platform.ts';
import { assessRestore, type Assessment } from '../operations/restore/assess-restore.ts';
import type { Output } from './output.ts';

/** Observation, preflight and plan of a restore, with nothing changed; what takes long meanwhile is reported once. */
export async function assessNow(
  open: OpenPlatform,
  input: RestoreInput,
  { wait }: Pick<Output, 'wait'>,
): Promise<Assessment> {
  let said = '';
  return assessRestore(open, input, {
    onProgress({ note }) {
      if (note !== said) wait(note);
      said = note;
    },
  });
}
