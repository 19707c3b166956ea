import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { Failure } from '../../../../domain/failures.ts';
import type { Described, StoppableContainer } from '../../../../systems/docker/exchange/stoppable-container.ts';
import type { StreamedCommand } from '../../../../systems/docker/streamed/command.ts';

export interface FakeContainer extends StoppableContainer {
  running: boolean;
  /** What was done to it, in order: `stop`, `start`, `volumes`, and the commands without their arguments. */
  said: string[];
  /** The environment and the words of each command. */
  commands: StreamedCommand[];
}

export interface FakeContainerOptions {
  name: string;
  /** Programs that stand in for those of the image. */
  programs: string;
  /** Of each program; `FAKE_ROOT` and the like. */
  environment: Record<string, string>;
  described: Described;
  /** Before anything is done: throws when the world breaks there. */
  before?: (what: string) => void;
  onStart?: () => void;
  onStop?: () => void;
}

/** Commands are carried out on this machine, by `sh` and the programs of a folder; a volume is a folder. */
export function fakeContainer({
  name,
  programs,
  environment,
  described,
  before,
  onStart,
  onStop,
}: FakeContainerOptions): FakeContainer {
  const run = async (
    { command, environment: given = {}, what }: StreamedCommand,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<string> => {
    const [file = '', ...words] = command;
    // No shell: what begins the command is found in the folder first.
    const child = spawn(file, words, { env: { PATH: `${programs}:${process.env.PATH}`, ...environment, ...given } });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on('error', () => undefined);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    ended.catch(() => undefined);
    try {
      if (input) for await (const piece of input) child.stdin.write(piece);
    } catch (error) {
      child.kill();
      await ended;
      throw error;
    }
    child.stdin.end();
    const exitCode = await ended;
    if (exitCode === 0) return Buffer.concat(out).toString('latin1');
    throw new Failure('ContainerFailed', {
      message: `${what} in the container ${name} ended with exit code ${exitCode}: ${said.trimEnd().split('\n').at(-1)}`,
      remedy: 'Fix it',
    });
  };
  const demandRunning = () => {
    if (!fake.running)
      throw new Failure('ServiceNotFound', {
        message: `${name} does not run`,
        remedy: `Start it: docker start ${name}`,
      });
  };
  const note = (command: StreamedCommand) => {
    demandRunning();
    fake.commands.push(command);
    fake.said.push(command.what);
    before?.(command.what);
  };
  const fake: FakeContainer = {
    name,
    running: true,
    said: [],
    commands: [],
    async *outputOf(command) {
      note(command);
      const output = Buffer.from(await run(command), 'latin1');
      yield* Readable.from(output.length > 0 ? [output] : []);
    },
    async feed(command, pieces) {
      note(command);
      return run(command, pieces);
    },
    hold: () => Promise.reject(new Error('nothing is held')),
    stop() {
      before?.('stop');
      fake.said.push('stop');
      if (fake.running) onStop?.();
      fake.running = false;
      return Promise.resolve();
    },
    start() {
      before?.('start');
      fake.said.push('start');
      if (!fake.running) onStart?.();
      fake.running = true;
      return Promise.resolve();
    },
    async onVolumes({ script, arguments: given, what }) {
      before?.(what);
      fake.said.push(what);
      const output = await run({ command: ['sh', '-c', script, 'rekindle', ...given], what });
      return output.trimEnd().split('\n');
    },
    async *archiveOf(path) {
      yield Buffer.from(await run({ command: ['tar', '-C', path, '-cf', '-', '.'], what: 'tar' }), 'latin1');
    },
    async unpack(path, pieces) {
      await run({ command: ['tar', '-C', path, '-xpf', '-'], what: 'tar' }, pieces);
    },
    describe: () => Promise.resolve(described),
  };
  return fake;
}
