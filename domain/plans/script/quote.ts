/** A word of the shell that means exactly this text, whatever it holds. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) && !text.startsWith('=') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export const words = (texts: readonly string[]): string => texts.map(quoted).join(' ');

/** A call of one of the script's functions, or of a program. */
export function call(command: string, ...texts: (string | number)[]): string {
  return [command, ...texts.map((text) => quoted(String(text)))].join(' ');
}

/** On one line of a comment: nothing in it ends the comment. */
export function remark(text: string): string {
  return `# ${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
}
