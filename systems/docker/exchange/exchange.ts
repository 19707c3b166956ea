import type { Watch } from '../../../domain/watch.ts';
import { exchangeScript, keptScript, putBackScript, releaseScript } from './scripts.ts';
import type { StoppableContainer } from './stoppable-container.ts';

/** What of a container's data folder is exchanged: a store's data, as its server knows it. */
export interface Exchanged {
  container: StoppableContainer;
  /** As the container sees it. */
  folder: string;
  /** Of the run and the store; see `runId`. */
  id: string;
  /** Names in the folder, of which some may not be there; none: all that it has, and its own owner and mode. */
  entries: readonly string[];
}

/** Where what comes is made ready, next to what is there, so that taking its place is a rename. */
export const newFolder = ({ folder, id }: Exchanged): string => `${folder}/rekindle-new-${id}`;

/** A file that is there until release or the way back. */
export const noteFile = ({ folder, id }: Exchanged): string => `${folder}/rekindle-note-${id}`;

/** Puts `newFolder` in place of what is there, which is kept for the run. The server must not run. Failure: ContainerFailed. */
export const exchange = (exchanged: Exchanged, watch: Watch): Promise<void> =>
  carryOut(exchanged, exchangeScript, 'Putting the restored data in place', watch);

/** Puts back what was kept; nothing was kept: nothing happens. The server must not run. Failure: ContainerFailed. */
export const putBackKept = (exchanged: Exchanged, watch: Watch): Promise<void> =>
  carryOut(exchanged, putBackScript, 'Putting back what was set aside', watch);

/** Removes what was kept, for good. The server may run. Failure: ContainerFailed. */
export const releaseKept = (exchanged: Exchanged, watch: Watch): Promise<void> =>
  carryOut(exchanged, releaseScript, 'Removing what was set aside', watch);

/** Whether anything is kept for the run. */
export async function isKept(exchanged: Exchanged, watch: Watch): Promise<boolean> {
  const lines = await onFolder(exchanged, keptScript, 'Looking for what was set aside', watch);
  return lines.at(-1) === 'kept';
}

async function carryOut(exchanged: Exchanged, script: string, what: string, watch: Watch): Promise<void> {
  await onFolder(exchanged, script, what, watch);
}

function onFolder(
  { container, folder, id, entries }: Exchanged,
  script: string,
  what: string,
  watch: Watch,
): Promise<string[]> {
  return container.onVolumes({ script, arguments: [folder, id, ...entries], what }, watch);
}
