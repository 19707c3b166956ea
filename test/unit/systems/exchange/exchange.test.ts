import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exchangeScript,
  keptScript,
  putBackScript,
  releaseScript,
} from '../../../../systems/docker/exchange/scripts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekindle-exchange-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entries = ['data', 'log'];

/** `mv` and `rm` that end the script at the n-th call stand for a helper that is killed there. */
function run(script: string, dieAt = Infinity, named: string[] = entries): string {
  const dying = `count=0
step() { count=$((count + 1)); if [ "$count" -eq ${Number.isFinite(dieAt) ? dieAt : 0} ]; then exit 99; fi; }
mv() { step; command mv "$@"; }
rm() { step; command rm "$@"; }
rmdir() { step; command rmdir "$@"; }
mkdir() { step; command mkdir "$@"; }
`;
  const { status, stdout } = spawnSync('sh', ['-c', dying + script, 'rekindle', folder, 'id', ...named], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : `failed ${status}: ${stdout.trim()}`;
}

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const ready = (text: string) => {
  rmSync(join(folder, 'rekindle-new-id'), { recursive: true, force: true });
  write('rekindle-new-id/data', text);
};
const content = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const now = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined);

test('what comes takes the place of all that was there, and gives it back', () => {
  write('data', 'old');
  write('log', 'old log');
  write('other', 'stays');
  ready('new');
  expect(run(keptScript)).toBe('nothing');
  expect(run(exchangeScript)).toBe('exchanged');
  expect([now('data'), now('log'), now('other')]).toEqual(['new', undefined, 'stays']);
  expect(run(keptScript)).toBe('kept');
  expect(run(putBackScript)).toBe('back');
  expect(run(putBackScript)).toBe('back');
  expect(content()).toEqual({ data: 'old', log: 'old log', other: 'stays' });
});

test('a restore that is repeated keeps what was there before the first', () => {
  write('data', 'old');
  ready('first');
  run(exchangeScript);
  write('log', 'of the first');
  ready('second');
  run(exchangeScript);
  expect([now('data'), now('log')]).toEqual(['second', undefined]);
  run(putBackScript);
  expect(content()).toEqual({ data: 'old' });
});

test('release leaves nothing of the run, twice', () => {
  write('data', 'old');
  write('rekindle-note-id', 'x');
  ready('new');
  run(exchangeScript);
  expect(run(releaseScript)).toBe('released');
  expect(run(releaseScript)).toBe('released');
  expect(content()).toEqual({ data: 'new' });
  expect(run(putBackScript)).toBe('back');
  expect(content()).toEqual({ data: 'new' });
});

test('where nothing was, the way back leaves nothing', () => {
  ready('new');
  run(exchangeScript);
  expect(now('data')).toBe('new');
  run(putBackScript);
  expect(content()).toEqual({});
});

test('nothing is exchanged for nothing, nor in a folder that is missing', () => {
  write('data', 'old');
  expect(run(exchangeScript)).toMatch(/^failed 1: there is no rekindle-new-id in /);
  expect(now('data')).toBe('old');
  rmSync(folder, { recursive: true });
  expect(run(exchangeScript)).toMatch(/^failed 1: there is no folder /);
  expect(run(keptScript)).toBe('nothing');
  expect(run(releaseScript)).toBe('released');
});

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('killed at step %d', (at) => {
  function before(): void {
    write('data', 'old');
    write('log', 'old log');
    ready('new');
  }

  test('an exchange goes on, also when a server ran in between', () => {
    before();
    run(exchangeScript, at);
    if (now('data') === undefined) write('data', 'of a server in between');
    ready('new');
    expect(run(exchangeScript)).toBe('exchanged');
    expect([now('data'), now('log')]).toEqual(['new', undefined]);
    run(putBackScript);
    expect(content()).toEqual({ data: 'old', log: 'old log' });
  });

  test('the way back brings what was there, though it is killed, too', () => {
    before();
    run(exchangeScript, at);
    run(putBackScript, at);
    expect(run(putBackScript)).toBe('back');
    expect(content()).toEqual({ data: 'old', log: 'old log' });
    before();
    run(exchangeScript);
    run(putBackScript, at);
    run(putBackScript);
    expect(content()).toEqual({ data: 'old', log: 'old log' });
  });

  test('a release ends, and never half of it comes back', () => {
    before();
    run(exchangeScript);
    run(releaseScript, at);
    run(releaseScript);
    expect(content()).toEqual({ data: 'new' });
  });
});

describe.each([Infinity, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('all that a folder has; killed at step %d', (at) => {
  const all = (script: string, dieAt?: number) => run(script, dieAt, []);
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  test('is exchanged, whatever its name, and comes back with the mode of the folder', () => {
    const old = { 'a name\nof two lines': 'old', '.hidden': 'old', '..more': 'old' };
    for (const [name, text] of Object.entries(old)) write(name, text);
    chmodSync(folder, 0o711);
    const coming = () => {
      rmSync(join(folder, 'rekindle-new-id'), { recursive: true, force: true });
      write('rekindle-new-id/.new', 'new');
      write('rekindle-new-id/.hidden', 'new');
      chmodSync(join(folder, 'rekindle-new-id'), 0o755);
    };
    coming();
    all(exchangeScript, at);
    coming();
    expect(all(exchangeScript)).toBe('exchanged');
    const kept = readdirSync(join(folder, 'rekindle-kept-id'));
    expect(kept.toSorted()).toEqual(Object.keys(old).toSorted());
    rmSync(join(folder, 'rekindle-new-id'), { recursive: true, force: true });
    expect([now('.new'), now('.hidden'), now('..more'), modeOf(folder)]).toEqual(['new', 'new', undefined, 0o755]);
    write('written since', 'x');
    all(putBackScript, at);
    expect(all(putBackScript)).toBe('back');
    expect(content()).toEqual(old);
    expect(modeOf(folder)).toBe(0o711);
  });
});
