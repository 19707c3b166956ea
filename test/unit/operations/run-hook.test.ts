import { Failure } from '../../../domain/failures.ts';
import type { StepCall } from '../../../domain/runs/run.ts';
import { runHook } from '../../../operations/backup/run-hook.ts';
import type { OpenPlatform } from '../../../operations/open-platform.ts';
import { demoPlatform } from '../../demo-situation.ts';

const call = (change: object = {}) =>
  ({
    run: 'backup/demo/1',
    platform: 'demo',
    arguments: { hook: 'imports', service: 'api', when: 'before', timeoutSeconds: 60, ...change },
  }) as unknown as StepCall<'runHook'>;

type Answer = { exitCode: number; stdout: string; stderr: string };

function opened(
  answer: (container: string, signal?: AbortSignal) => Promise<Answer>,
  running = ['demo_api_1', 'demo_api_2'],
) {
  const platform = demoPlatform();
  const hook = { name: 'imports', service: 'api', before: ['pause'], after: ['resume'], timeoutSeconds: 60 };
  platform.backup = { ...platform.backup, hooks: [hook] };
  const said: string[] = [];
  const open = {
    platform,
    containersOf: () => Promise.resolve(running.map((name) => ({ name, running: name !== 'stopped' }))),
    docker: {
      exec: (container: string, command: string[], { signal }: { signal?: AbortSignal }) => {
        said.push(`${container}: ${command.join(' ')}`);
        return answer(container, signal);
      },
    },
  } as unknown as OpenPlatform;
  return { open, said };
}

const good = () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });

test('each container of the service that runs gets the command', async () => {
  const { open, said } = opened(good, ['demo_api_1', 'stopped', 'demo_api_2']);
  expect(await runHook(open, call(), {})).toEqual({ summary: 'demo_api_1, demo_api_2: exit code 0' });
  expect((await runHook(open, call({ when: 'after' }), {})).checks).toBeUndefined();
  expect(said).toEqual(['demo_api_1: pause', 'demo_api_2: pause', 'demo_api_1: resume', 'demo_api_2: resume']);
});

test('where nothing runs, nothing need be done, and a person hears of it', async () => {
  const { open, said } = opened(good, ['stopped']);
  expect((await runHook(open, call(), {})).checks).toMatchObject([{ verdict: 'pass', warning: true }]);
  expect(said).toEqual([]);
});

test('another exit code fails it with the last line, when all containers have been asked', async () => {
  const { open, said } = opened((container) =>
    Promise.resolve({
      exitCode: container === 'demo_api_1' ? 3 : 0,
      stdout: '',
      stderr: 'first\nthe queue is locked\n',
    }),
  );
  const refusal: unknown = await runHook(open, call(), {}).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Failure);
  expect(refusal).toMatchObject({
    kind: 'ContainerFailed',
    message: 'The hook imports (before) in demo_api_1 ended with exit code 3: the queue is locked',
  });
  expect(said).toHaveLength(2);
});

test('one that does not end is told as such', async () => {
  const { open } = opened(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    ['demo_api_1'],
  );
  await expect(runHook(open, call({ timeoutSeconds: 0.05 }), {})).rejects.toMatchObject({ kind: 'StepTimedOut' });
});

test('a hook that the platform file no longer has is named', async () => {
  const { open } = opened(good);
  await expect(runHook(open, call({ hook: 'other' }), {})).rejects.toMatchObject({ kind: 'InvalidArgument' });
});
