import { Failure } from '../../../domain/failures.ts';
import type { ElasticsearchStore } from '../../../domain/platform.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { awaitListening } from '../../../operations/stores/await-listening.ts';
import { giveUpOnStopped } from '../../../operations/stores/stopped-for-good.ts';
import { StandingStill } from '../../../systems/docker/standing-still.ts';

const text = { message: 'Container demo_es is stopped', remedy: 'docker start demo_es' };
const stopped = (since?: number) => new StandingStill(text, since);

describe('giving up', () => {
  test('at once on what stopped long ago', () => {
    expect(() => giveUpOnStopped()(stopped(Date.now() - 61_000))).toThrow(
      expect.objectContaining({ kind: 'ServiceStopped', ...text }) as Error,
    );
  });

  test('after a minute on what stops now, and when the engine gives no time', () => {
    for (const since of [0, undefined]) {
      let now = 1000;
      const giveUp = giveUpOnStopped(() => now);
      const error = stopped(since === undefined ? undefined : now);
      giveUp(error);
      now += 59_000;
      giveUp(error);
      now += 1000;
      expect(() => giveUp(error)).toThrow('is stopped');
    }
  });

  test('never on what runs and is silent', () => {
    let now = 0;
    const giveUp = giveUpOnStopped(() => now);
    for (; now < 1e6; now += 1e5) giveUp(new Failure('ServiceUnhealthy', text));
  });
});

describe('waiting for a store', () => {
  const wait = (error: Failure, signal: AbortSignal) => {
    const notes: string[] = [];
    const open = { elasticsearch: () => Promise.reject(error) } as unknown as OpenPlatform;
    const ended = awaitListening(
      open,
      { service: 'es' } as ElasticsearchStore,
      { timeoutSeconds: 300, since: performance.now() },
      {
        signal,
        onProgress: ({ note }) => {
          notes.push(note);
        },
      },
    );
    return { ended, notes };
  };

  test('whose container stopped long ago ends at once with what to type', async () => {
    const { ended } = wait(stopped(Date.now() - 3_600_000), new AbortController().signal);
    await expect(ended).rejects.toMatchObject({ kind: 'ServiceStopped', remedy: 'docker start demo_es' });
  });

  test('whose container stopped just now goes on, and says so', async () => {
    const controller = new AbortController();
    const { ended, notes } = wait(stopped(Date.now()), controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(notes[0]).toBe('Container demo_es is stopped. docker start demo_es');
  });
});
