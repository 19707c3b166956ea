import fc from 'fast-check';
import { feed } from '../../../../systems/docker/streamed/feed.ts';
import { framesOf } from '../../../../systems/docker/streamed/frames.ts';
import { hold } from '../../../../systems/docker/streamed/hold.ts';
import { outputOf } from '../../../../systems/docker/streamed/output-of.ts';
import { joinedText, steady } from '../streams/sources.ts';
import { fakeEngine, frame, type FakeEngine } from './fake-docker.ts';

const processId = frame('stderr', '4711\n');
const secret = { environment: { PGPASSWORD: 'hidden-secret' }, secrets: ['hidden-secret'] };
const dump = { command: ['pg_dump', 'app'], what: 'pg_dump of app', ...secret };
const restore = { command: ['pg_restore'], what: 'pg_restore of app' };
const session = { command: ['psql'], what: 'Session in app' };
const killed = ['sh', '-c', 'kill -TERM 4711'];

test('outputs are told apart, wherever the connection cuts their frames', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.string({ unit: 'grapheme-ascii' }))),
      fc.integer({ min: 1, max: 40 }),
      async (sent, size) => {
        const bytes = Buffer.concat(sent.map(([stream, text]) => frame(stream, text)));
        const seen = { stdout: '', stderr: '' };
        for await (const { stream, bytes: piece } of framesOf(steady(bytes, size)))
          seen[stream] += Buffer.from(piece).toString();
        for (const wanted of ['stdout', 'stderr'] as const)
          expect(seen[wanted]).toBe(sent.map(([stream, text]) => (stream === wanted ? text : '')).join(''));
      },
    ),
  ));

test.each([4, 8 + 2])('a connection that ends within a frame throws (after %d bytes)', async (length) => {
  const reading = (async () => {
    for await (const _ of framesOf(steady(frame('stdout', 'abc').subarray(0, length))));
  })();
  await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
});

describe('output', () => {
  test('comes without what stands on standard error', async () => {
    const sends = () => [processId, frame('stdout', 'one '), frame('stderr', 'a notice\n'), frame('stdout', 'two')];
    const { docker, others } = fakeEngine({ sends, exitCode: 0 });
    expect(await joinedText(outputOf(docker, 'db-1', dump))).toBe('one two');
    expect(others).toEqual([]);
  });

  test('of a command that fails throws at its end: whose, where, and its last lines without a secret', async () => {
    const sends = () => [
      processId,
      frame('stdout', 'half'),
      frame('stderr', 'one\ntwo\n\nerror: password hidden-secret is wrong\n'),
      frame('stderr', 'failed, for what was said above\n'),
    ];
    const { docker, environment } = fakeEngine({ sends, exitCode: 1 });
    await expect(joinedText(outputOf(docker, 'db-1', dump))).rejects.toMatchObject({
      kind: 'ContainerFailed',
      message:
        'pg_dump of app in the container db-1 ended with exit code 1: two | error: password [secret] is wrong | failed, for what was said above',
    });
    expect(environment).toEqual(['PGPASSWORD=hidden-secret']);
  });

  test('that is cut off, though the command runs on, throws and ends the command', async () => {
    const { docker, others } = fakeEngine({ sends: () => [processId, frame('stdout', 'half')], exitCode: null });
    await expect(joinedText(outputOf(docker, 'db-1', dump))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(others).toEqual([killed]);
  });

  test('is not taken faster than it is read', async () => {
    const sends = function* () {
      yield processId;
      for (let number = 0; number < 10_000; number++) yield frame('stdout', Buffer.alloc(1000));
    };
    const { docker, sent, others } = fakeEngine({ sends, exitCode: 0 });
    const output = outputOf(docker, 'db-1', dump);
    await output.next();
    // Time enough for whatever reads ahead.
    for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate);
    expect(sent()).toBeLessThan(20_000);
    await output.return(undefined);
    expect(others).toEqual([killed]);
  });

  test('that is waited for ends when it is cancelled, and the command with it', async () => {
    const controller = new AbortController();
    const sends = async function* () {
      yield processId;
      yield frame('stdout', 'half');
      await new Promise(() => undefined);
    };
    const { docker, others } = fakeEngine({ sends, exitCode: null });
    const output = outputOf(docker, 'db-1', dump, { signal: controller.signal });
    await output.next();
    const next = output.next();
    controller.abort(new Error('cancelled'));
    await expect(next).rejects.toThrow('cancelled');
    expect(others).toContainEqual(killed);
  });
});

describe('a session that is held', () => {
  const said = async function* ({ inputEnded }: FakeEngine) {
    yield processId;
    yield frame('stdout', '00000003-');
    yield frame('stdout', '1B\n');
    await inputEnded;
  };

  test('says its line, and ends when it is released', async () => {
    const { docker, input, inputEnded, others } = fakeEngine({ sends: said, exitCode: 0 });
    const held = await hold(docker, 'db-1', session, 'begin;\n');
    expect(held.line).toBe('00000003-1B');
    expect(input()).toBe('begin;\n');
    await held.release();
    await inputEnded;
    expect(others).toEqual([]);
  });

  test('that ends before it says a line fails with what it said', async () => {
    const sends = () => [processId, frame('stderr', 'FATAL: role "backup" does not exist\n')];
    const { docker } = fakeEngine({ sends, exitCode: 2 });
    await expect(hold(docker, 'db-1', session, 'begin;\n')).rejects.toThrow('FATAL: role "backup" does not exist');
  });

  test('that has died meanwhile says so when it is released', async () => {
    const sends = () => [processId, frame('stdout', 'ok\n'), frame('stderr', 'server closed the connection\n')];
    const { docker } = fakeEngine({ sends, exitCode: 2 });
    const held = await hold(docker, 'db-1', session, 'begin;\n');
    await expect(held.release()).rejects.toThrow('server closed the connection');
  });
});

describe('input', () => {
  /** Says its process id, and ends when its input has. */
  const patient = async function* ({ inputEnded }: FakeEngine) {
    yield processId;
    await inputEnded;
    yield frame('stdout', 'done');
  };

  test('is given to its end', async () => {
    const { docker, input } = fakeEngine({ sends: patient, exitCode: 0 });
    expect(await feed(docker, 'db-1', restore, steady(Buffer.from('all of it'), 2))).toBe('done');
    expect(input()).toBe('all of it');
  });

  test('that breaks off kills the command, and never ends as if it were complete', async () => {
    let ended = false;
    const sends = async function* (engine: FakeEngine) {
      void engine.inputEnded.then(() => (ended = true));
      yield processId;
      await engine.killed;
    };
    const { docker, others } = fakeEngine({ sends, exitCode: 143 });
    const pieces = async function* () {
      yield* steady(Buffer.from('half'));
      throw new Error('the bucket is away');
    };
    await expect(feed(docker, 'db-1', restore, pieces())).rejects.toThrow('the bucket is away');
    expect(others).toEqual([killed]);
    expect(ended).toBe(false);
  });

  test('of a command that ends before it is judged by the exit code', async () => {
    const sends = () => [processId, frame('stderr', 'pg_restore: error: unsupported version (1.16) in file header\n')];
    const { docker } = fakeEngine({ sends, exitCode: 1 });
    await expect(feed(docker, 'db-1', restore, steady(Buffer.alloc(1_000_000)))).rejects.toThrow(
      'pg_restore of app in the container db-1 ended with exit code 1: pg_restore: error: unsupported version (1.16)',
    );
  });
});
