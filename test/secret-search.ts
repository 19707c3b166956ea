/** Something that was written somewhere, with words for where. */
export interface Written {
  where: string;
  text: string;
}

/**
 * Where secrets stand in what was written: plain, URL-encoded or in base64, also within payloads, which Temporal's JSON
 * holds in base64. Answers `<name of the secret> (<form>) in <where>`. On its own, without the product's redaction.
 */
export function findSecrets(written: readonly Written[], secrets: Record<string, string>): string[] {
  return written.flatMap(({ where, text }) => {
    const texts = { '': text, ', decoded': decodedRuns(text) };
    return Object.entries(texts).flatMap(([how, content]) =>
      Object.entries(secrets).flatMap(([name, value]) =>
        Object.entries(formsOf(value))
          .filter(([, form]) => content.includes(form))
          .map(([form]) => `${name} (${form}) in ${where}${how}`),
      ),
    );
  });
}

function formsOf(value: string): Record<string, string> {
  const url = encodeURIComponent(value);
  const json = JSON.stringify(value).slice(1, -1);
  return {
    plain: value,
    ...(url === value ? {} : { url }),
    ...(json === value ? {} : { json }),
    base64: Buffer.from(value).toString('base64').replace(/=+$/, ''),
  };
}

/** Every run of characters that may be base64, decoded, and once more what is in there. */
function decodedRuns(text: string, depth = 2): string {
  if (depth === 0) return '';
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{8,}={0,2}/g)]
    .map(([run]) => Buffer.from(run, 'base64').toString('latin1'))
    .join('\n');
  return `${decoded}\n${decodedRuns(decoded, depth - 1)}`;
}
