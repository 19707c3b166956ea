import { isatty } from 'node:tty';
import logUpdate from 'log-update';
import pc from 'picocolors';
import { redact, redactWords } from '../config/redaction.ts';

/**
 * Where a command writes. On a terminal there are colours and a block that redraws itself; elsewhere plain lines. Of a
 * secret that this process has read, none is written.
 */
export interface Output {
  json: boolean;
  interactive: boolean;
  /** For people; nothing when `--json` was asked for. */
  say: (text: string) => void;
  /** What must be said at once though `--json` was asked for (it waits for something): there, to standard error. */
  note: (text: string) => void;
  /** What a look takes its time for; to standard error, since it is no part of the answer. */
  wait: (text: string) => void;
  /** The one document of `--json`; nothing otherwise. */
  document: (value: unknown) => void;
  /** Replaces the block at the bottom of the terminal; nothing elsewhere. */
  redraw: (text: string) => void;
  /** Leaves the block as it stands. */
  settle: () => void;
  colour: ReturnType<typeof pc.createColors>;
}

export function openOutput({ json }: { json: boolean }): Output {
  // Not `stdout.isTTY`: off a terminal that is undefined, which picocolors takes for "as CI and FORCE_COLOR say".
  const interactive = isatty(process.stdout.fd) && !json;
  return {
    json,
    interactive,
    say: (text) => {
      if (!json) process.stdout.write(`${redact(text)}\n`);
    },
    note: (text) => {
      (json ? process.stderr : process.stdout).write(`${redact(text)}\n`);
    },
    wait: (text) => {
      process.stderr.write(`${redact(text)}\n`);
    },
    document: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(redactWords(value))}\n`);
    },
    redraw: (text) => {
      if (interactive) logUpdate(redact(text));
    },
    settle: () => {
      if (interactive) logUpdate.done();
    },
    colour: pc.createColors(interactive && pc.isColorSupported),
  };
}

/** Of a line: the terminal's; a log may have longer ones. */
export function widthOf({ interactive }: Output): number {
  return interactive ? process.stdout.columns : 240;
}
