import type { StoreContainer } from '../../../../systems/docker/streamed/store-container.ts';
import type { CommandAccess } from '../../../../systems/command/access.ts';
import { commandStore } from '../../../../systems/command/command-store.ts';
import { broken, joinedText, steady } from '../streams/sources.ts';

/** A container with a tool that holds one text; it knows the command by its first word. */
function scene(given: { export?: () => AsyncIterable<Uint8Array>; counts?: string[] } = {}) {
  const ran: string[] = [];
  const counts = given.counts ?? ['policies 2'];
  let held = 'as it was';
  const container: StoreContainer = {
    name: 'policy-1',
    async *outputOf({ command }) {
      ran.push(command.slice(5).join(' '));
      yield* given.export?.() ?? steady(Buffer.from('exported'));
    },
    async feed({ command, environment = {} }, pieces) {
      const input = await joinedText(pieces);
      const [word = '', ...rest] = command.slice(5);
      if (command[2]?.includes('environ') === true) ran.push('leftovers');
      if (word === '' || command[2]?.includes('command -v') === true) return '';
      ran.push([word, ...rest, environment['REKINDLE_MODE'], environment['REKINDLE_ID']].join(' ').trim());
      if (word === 'import') held = input;
      return word === 'count' ? ((counts.length > 1 ? counts.shift() : counts[0]) ?? '') : '';
    },
    hold: () => Promise.reject(new Error('nothing is held')),
  };
  const own = (...command: string[]) => ({ command, successCodes: [0] });
  const access: CommandAccess = {
    store: 'policy',
    container,
    environment: {},
    secrets: [],
    commands: { export: own('export'), import: own('import', '--all'), count: own('count'), keep: own('keep') },
    mode: 'override',
    application: 'rekindle-test',
  };
  return { ran, access, store: commandStore(access), held: () => held };
}

const keeping = async ({ pieces }: { pieces: AsyncIterable<Uint8Array> }) => void (await joinedText(pieces));

test('an export stands between two counts; what an earlier attempt left is ended first', async () => {
  const { store, ran } = scene({ counts: ['policies 2', 'policies 5'] });
  const { expected } = await store.backUp(keeping, {});
  expect(ran).toEqual(['leftovers', 'count override', 'export', 'count override']);
  expect(expected.counts).toEqual({ policies: { least: 2, most: 5 } });
});

test('an import is told its mode and its run, after what it replaces was kept', async () => {
  const { store, ran, held } = scene();
  await store.restore('export', steady(Buffer.from('exported')), 'restore/1', {});
  expect(ran).toEqual(['leftovers', 'keep override restore/1', 'import --all override restore/1']);
  expect(held()).toBe('exported');
});

test('an export that breaks off, or prints nothing, is none', async () => {
  const cut = scene({ export: () => broken(Buffer.from('half'), new Error('cut off')) });
  await expect(cut.store.backUp(keeping, {})).rejects.toThrow('cut off');
  const empty = scene({ export: () => steady(Buffer.alloc(0)) });
  await expect(empty.store.backUp(keeping, {})).rejects.toThrow(
    'The export command of the store policy printed nothing',
  );
});

test('progress is told in bytes', async () => {
  const { store } = scene();
  const seen: number[] = [];
  await store.restore('export', steady(Buffer.alloc(100), 40), 'r', { onProgress: ({ done }) => seen.push(done) });
  expect(seen).toEqual([40, 80, 100]);
});

test('without a way back that is said, and putting back does nothing', async () => {
  const { store, ran } = scene();
  const checks = await store.check(undefined, {});
  expect(checks.find(({ warning }) => warning === true)?.name).toBe('command policy way back');
  await store.putBack(['export'], 'r', {});
  expect(ran).toEqual([]);
});
