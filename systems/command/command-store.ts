import { Readable } from 'node:stream';
import { failed, passed, warned, type Check } from '../../domain/checks.ts';
import { compareCounts } from '../../domain/command/compare.ts';
import { countedBetween, parseCounts, type CommandExpectedSet } from '../../domain/command/expected.ts';
import { Failure } from '../../domain/failures.ts';
import type { Watch } from '../../domain/watch.ts';
import { endMarked } from '../docker/streamed/marked.ts';
import type { Pieces } from '../streams/pieces.ts';
import type { StreamStore, Taken, WritePart } from '../streams/stream-store.ts';
import { own, programsCommand, type CommandAccess, type Verb } from './access.ts';

export const exportPart = 'export';

/** A store that commands of the platform's own export and import: one part, which is what the export command prints. */
export function commandStore(access: CommandAccess): StreamStore<CommandExpectedSet> {
  return {
    check: (_, watch) => checks(access, watch),
    async answers(watch) {
      await count(access, watch);
    },
    // Only the command knows how much it will print.
    inventory: () => Promise.resolve({}),
    backUp: (write, watch) => backUp(access, write, watch),
    order: (parts) => parts.filter((part) => part === exportPart),
    async restore(part, pieces, run, watch) {
      if (part !== exportPart) throw new Error(`A store of commands has no part ${part}`);
      await endLeft(access, watch);
      await tell(access, 'keep', run, watch);
      const command = own(access, 'import', { run, told: true });
      await access.container.feed(command, followed(pieces, command.what, watch), aborting(watch));
    },
    async compare(expected, watch) {
      const counts = compareCounts(expected, await count(access, watch));
      return access.commands.verify ? [...counts, await verified(access, watch)] : counts;
    },
    putBack: (_, run, watch) => tell(access, 'putBack', run, watch),
    release: (_, run, watch) => tell(access, 'release', run, watch),
  };
}

async function checks(access: CommandAccess, watch: Watch): Promise<Check[]> {
  const { store, commands } = access;
  const output = await access.container.feed(programsCommand(access), Readable.from([]), aborting(watch));
  const missing = output.split('\n').filter((line) => line !== '');
  const programs =
    missing.length === 0
      ? passed(`command ${store}`, 'All programs of its commands are in the container')
      : failed(
          `command ${store}`,
          `The container ${access.container.name} has no ${missing.join(', ')}`,
          `Correct the commands of the store "${store}" in the platform file, or start the service with an image that has them`,
        );
  const way = commands.putBack
    ? passed(`command ${store} way back`, 'Its commands keep what an import replaces')
    : warned(
        `command ${store} way back`,
        'An import is not undone: nothing keeps what it replaces, but a data volume that is set aside',
        `Name "keep", "putBack" and "release" of the store "${store}", or name its data volume in the platform file`,
      );
  return [programs, way];
}

/**
 * Exports once, between two counts. An export that prints nothing, or fails after it has printed something, is none. Failures:
 * ServiceNotFound, ContainerFailed; those of `write`.
 */
async function backUp(access: CommandAccess, write: WritePart, watch: Watch): Promise<Taken<CommandExpectedSet>> {
  await endLeft(access, watch);
  const from = new Date().toISOString();
  const before = await count(access, watch);
  const command = own(access, 'export');
  const { what } = command;
  const pieces = notEmpty(access.container.outputOf(command, aborting(watch)), what);
  await write({ part: exportPart, compression: 'gzip', what, pieces });
  const after = await count(access, watch);
  const counts = before && after && countedBetween(before, after);
  const expected: CommandExpectedSet = { version: 1, store: access.store, ...(counts && { counts }) };
  return { expected, moment: { from, to: new Date().toISOString() } };
}

/** What the count command prints; undefined: there is none. Failure: ContainerFailed when it prints something else. */
async function count(access: CommandAccess, watch: Watch): Promise<Record<string, number> | undefined> {
  if (!access.commands.count) return undefined;
  const counts = parseCounts(await access.container.feed(own(access, 'count'), Readable.from([]), aborting(watch)));
  if (counts) return counts;
  throw new Failure('ContainerFailed', {
    message: `The count command of the store ${access.store} printed neither a number nor lines of a name and a number`,
    remedy: `Correct "count" of the store "${access.store}" in the platform file: one line each, such as "policies 12"`,
  });
}

async function verified(access: CommandAccess, watch: Watch): Promise<Check> {
  const name = `verify ${access.store}`;
  try {
    await tell(access, 'verify', '', watch);
    return passed(name, 'Its verify command ended with success');
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'ContainerFailed') throw error;
    return failed(name, error.message, 'Fix what it reports, then import again, or from another recovery point');
  }
}

/** Runs a command that only does something, where the platform file names one. */
async function tell(access: CommandAccess, verb: Verb, run: string, watch: Watch): Promise<void> {
  if (!access.commands[verb]) return;
  await access.container.feed(own(access, verb, { run, told: true }), Readable.from([]), aborting(watch));
}

const endLeft = ({ container, application, user }: CommandAccess, watch: Watch): Promise<void> =>
  endMarked(container, application, { ...aborting(watch), ...(user !== undefined && { user }) });

const aborting = ({ signal }: Watch): { signal?: AbortSignal } => ({ ...(signal && { signal }) });

async function* followed(pieces: Pieces, note: string, { onProgress }: Watch): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const piece of pieces) {
    yield piece;
    done += piece.length;
    onProgress?.({ done, total: 0, unit: 'bytes', note });
  }
}

async function* notEmpty(pieces: Pieces, what: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    yield piece;
  }
  if (bytes === 0)
    throw new Failure('ContainerFailed', {
      message: `${what} printed nothing`,
      remedy: 'Let it write what it exports to its standard output, also when there is nothing to export',
    });
}
