/* Set-up's terminal output: one line when a stage starts, one when it ends, with its duration. */

const width = 10;
const started = Date.now();
export const quietReport = Object.fromEntries(
  ['nothingToDo', 'starts', 'says', 'ended'].map((name) => [name, () => {}]),
);

/** @param {{ quietWhenDone?: boolean, write?: (line: string) => void }} options */
export function makeReport({ quietWhenDone = false, write = (line) => process.stdout.write(`${line}\n`) } = {}) {
  const line = (mark, stage, text) => write(`${mark} ${stage.padEnd(width)} ${text}`);
  return {
    nothingToDo: (stage, found) => quietWhenDone || line('✔', stage, found),
    starts: (stage, text) => line('…', stage, text),
    says: (stage, text) => line(' ', stage, text),
    ended: (stage, text, since) => line('✔', stage, `${text} (${seconds(since)})`),
  };
}

export function seconds(since = started) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
