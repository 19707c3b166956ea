/** One line on standard output: time, then what happened. */
export function log(message) {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}

/** The shortest true text for any thrown value. */
export function reason(error) {
  const cause = error?.cause?.code ?? error?.cause?.message;
  return `${error?.message ?? error}${cause ? ` (${cause})` : ''}`;
}
