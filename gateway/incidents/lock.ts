import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { Failure } from '../../domain/failures.ts';

/**
 * Keeps other processes out of a folder until `release` or this process's end. A socket rather than a file with a process
 * id: it says whether its owner lives, also to another container that shares the folder.
 * Failure: InvalidArgument, while another process holds it, or when no socket can be made there.
 */
export async function lockFolder(folder: string): Promise<{ release: () => Promise<void> }> {
  // A socket's path may have some 100 characters: the shorter way to it counts.
  const absolute = path.join(folder, 'lock');
  const relative = path.relative(process.cwd(), absolute);
  const address = relative.length < absolute.length ? relative : absolute;
  if (await answers(address)) throw taken(folder);
  await rm(address, { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(unusable(folder, error)));
    server.listen(address, () => resolve());
  });
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function taken(folder: string): Failure {
  return new Failure('InvalidArgument', {
    message: `Another gateway takes incidents with the folder ${folder}`,
    remedy: 'Stop one of the two, or give each its own REKINDLE_STATE',
  });
}

function unusable(folder: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === 'EADDRINUSE') return taken(folder);
  return new Failure(
    'InvalidArgument',
    {
      message: `The folder ${folder} cannot be locked: ${error.code ?? error.message}`,
      remedy:
        'Give the user that runs the gateway access to it, or point REKINDLE_STATE at another (with a shorter path)',
    },
    { cause: error },
  );
}
