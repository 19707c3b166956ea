import { join } from 'node:path';

/**
 * Where everything lies inside an enclosure. `at` is the same path in each: platform files and recovery points hold
 * absolute paths.
 */
export const placesIn = (at: string) => ({
  at,
  /** A small file system of its own; holds the engine's root. */
  disk: join(at, 'disk.img'),
  engineRoot: join(at, 'root'),
  /** Sockets and pid files. */
  run: join(at, 'run'),
  dockerHost: `unix://${join(at, 'run', 'docker.sock')}`,
  home: join(at, 'home'),
  platform: join(at, 'home', 'platform'),
  keyFile: join(at, 'home', 'key.txt'),
  temporalDatabase: join(at, 'home', 'temporal.db'),
  goldenFacts: join(at, 'home', 'facts.json'),
  logs: join(at, 'logs'),
});

export type Places = ReturnType<typeof placesIn>;

/** Beside `at`, for the result of a piece of work. */
export const resultFile = 'result.json';
export const diskBytes = 6 * 1024 ** 3;
