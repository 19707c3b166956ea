import { isatty } from 'node:tty';
import logUpdate from 'log-update';
import pc from 'picocolors';
import { redact, redactWords } from '../config/redaction.ts';

/**
 * Where a command writes. On a terminal there are colours and a block that redraws itself; elsewhere plain lines. No
 * secret that this process has read is ever written.
 */
export interface Output {
  json: boolean;
  interactive: boolean;
  /** For people; nothing when `--json` was asked for. */
  say: (text: string) => void;
  /** What must not be missed, also with `--json`, where it goes to standard error. */
  note: (text: string) => void;
  /** What a slow check is waiting for; to standard error, since it is no part of the answer. */
  wait: (text: string) => void;
  /** The one document of `--json`; nothing otherwise. */
  document: (value: unknown) => void;
  /** A secret that was made for whoever reads this: shown unmasked, alone or in the document of `--json`. */
  reveal: (secret: string, document: object) => void;
  /** Replaces the block at the bottom of the terminal, made for its size; nothing elsewhere. */
  redraw: (draw: (size: TerminalSize) => string) => void;
  /** Leaves the block as it stands. */
  settle: () => void;
  colour: ReturnType<typeof pc.createColors>;
}

export interface TerminalSize {
  width: number;
  /** Lines that a block may take, so that the cursor has one below it. */
  height: number;
}

export function openOutput({ json }: { json: boolean }): Output {
  // Not `stdout.isTTY`: off a terminal that is undefined, which picocolors takes for "as CI and FORCE_COLOR say".
  const interactive = isatty(process.stdout.fd) && !json;
  let drawn: TerminalSize | undefined;
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
    reveal: (secret, document) => {
      process.stdout.write(`${json ? JSON.stringify(document) : secret}\n`);
    },
    document: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(redactWords(value))}\n`);
    },
    redraw: (draw) => {
      if (!interactive) return;
      const size = terminalSize();
      // A resized terminal wraps the old block again: where it begins now cannot be known.
      if (drawn && (drawn.width !== size.width || drawn.height !== size.height)) startOver();
      drawn = size;
      logUpdate(redact(draw(size)));
    },
    settle: () => {
      if (interactive) logUpdate.done();
      drawn = undefined;
    },
    colour: pc.createColors(interactive && pc.isColorSupported),
  };
}

/** The longest line to print: the terminal's width; logs may have longer lines. */
export function widthOf({ interactive }: Output): number {
  return interactive ? terminalSize().width : 240;
}

/** Some terminals have no size (a serial line, `docker exec -t` before its first resize): then the usual one. */
function terminalSize(): TerminalSize {
  const { columns, rows } = process.stdout;
  return { width: columns > 0 ? columns : 80, height: (rows > 0 ? rows : 24) - 1 };
}

function startOver(): void {
  logUpdate.done();
  process.stdout.write('\u001b[2J\u001b[H');
}
