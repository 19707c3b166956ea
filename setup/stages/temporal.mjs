import { chmodSync, copyFileSync, existsSync, renameSync, symlinkSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { cacheFolder, madeCacheFolder } from '../lib/cache.mjs';
import { answerOf } from '../lib/command.mjs';
import { Failure } from '../lib/failure.mjs';
import { goInstalled } from '../lib/go.mjs';
import { downloadedBySdk } from '../lib/sdk-download.mjs';
import { temporalCommand } from '../tools.mjs';

const version = '1.5.1';
const program = {
  module: 'github.com/temporalio/cli/cmd/temporal',
  version: `v${version}`,
  // As its own release build does; without it the program reports version 0.0.0-DEV.
  linkerFlags: `-X github.com/temporalio/cli/temporalcli.Version=${version}`,
};

/** Temporal: a server at a given address, or the CLI, whose dev server Rekindle starts for the demo and the tests. */
export const temporal = {
  name: 'temporal',
  why: "its server keeps every run's state, so that a run survives crashes",

  async look() {
    const address = process.env.TEMPORAL_ADDRESS;
    if (address)
      return (await answers(address)) ? { done: `a server at ${address} (TEMPORAL_ADDRESS)` } : noAnswer(address);
    const command = temporalCommand();
    const says = command && (await answerOf(command, ['--version']));
    if (says) return { done: `${says.split(' (')[0]} at ${command}` };
    return {
      missing: 'no TEMPORAL_ADDRESS, and no `temporal` on the PATH or in the cache',
      plan: `the download by Temporal's SDK; if that cannot be reached, build CLI ${version} with Go (about 270 s)`,
    };
  },

  async fix({ say }) {
    const file = join(madeCacheFolder('bin'), 'temporal');
    const downloaded = await downloadedBySdk(madeCacheFolder('work'), say);
    const made = downloaded ?? (await goInstalled(program, say));
    publish(made, file, Boolean(downloaded));
    return `${downloaded ? 'downloaded' : 'built'}: ${file}`;
  },
};

/** Renamed into place, so a `temporal` that exists is always complete. */
function publish(made, file, move) {
  const part = `${file}.part`;
  rmSync(part, { force: true });
  if (move) copyFileSync(made, part);
  else symlinkSync(basename(made), part);
  if (move) chmodSync(part, 0o755);
  renameSync(part, file);
  if (move && existsSync(made) && made.startsWith(cacheFolder('work'))) rmSync(made);
}

function noAnswer(address) {
  return {
    missing: `TEMPORAL_ADDRESS is ${address}, and nothing answers there`,
    plan: 'nothing: that server is yours',
    refusal: new Failure(
      `TEMPORAL_ADDRESS is ${address}, and nothing answers there within 3 s`,
      'Start that server, or unset TEMPORAL_ADDRESS to let Rekindle start its own',
      2,
    ),
  };
}

function answers(address) {
  const [, host, port] = address.match(/^(?:\w+:\/\/)?\[?(.*?)\]?:(\d+)$/) ?? [];
  if (!host) return false;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 3000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false));
  });
}
