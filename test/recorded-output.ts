import pc from 'picocolors';
import type { Output } from '../cli/output.ts';

/** An output that keeps what commands say. */
export interface RecordedOutput {
  output: Output;
  /** All that was said since it was asked last. */
  said: () => string;
  /** The documents of `--json` since they were asked for last. */
  documents: () => unknown[];
}

export function recordedOutput(): RecordedOutput {
  let [lines, printed]: [string[], unknown[]] = [[], []];
  const say = (text: string) => void lines.push(text);
  const nothing = () => undefined;
  return {
    output: {
      json: false,
      interactive: false,
      say,
      note: say,
      wait: say,
      document: (value) => void printed.push(value),
      reveal: (secret, document) => {
        say(secret);
        printed.push(document);
      },
      redraw: nothing,
      settle: nothing,
      colour: pc.createColors(false),
    },
    said() {
      const text = lines.join('\n');
      lines = [];
      return text;
    },
    documents() {
      const documents = printed;
      printed = [];
      return documents;
    },
  };
}
