const base = process.env.ELASTICSEARCH_URL ?? 'http://elasticsearch:9200';
const TIMEOUT_MILLISECONDS = 10_000;

/** An answer of Elasticsearch's that is not 2xx; `status` is the HTTP status, `type` Elasticsearch's name for it. */
export class ElasticsearchError extends Error {
  constructor(method, path, status, body) {
    const type = body?.error?.type ?? 'error';
    super(`${method} ${path}: ${status} ${type}`);
    this.status = status;
    this.type = type;
  }
}

/** One request; the parsed answer. Throws ElasticsearchError for an answer that is not 2xx, TypeError without one. */
export async function request(method, path, body, timeoutMilliseconds = TIMEOUT_MILLISECONDS) {
  const response = await fetch(base + path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const text = await response.text();
  const parsed = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new ElasticsearchError(method, path, response.status, parsed);
  return parsed;
}

/** The document with its sequence number, or undefined when it (or its index) is not there. */
export async function getDocument(index, id) {
  try {
    return await request('GET', `/${index}/_doc/${encodeURIComponent(id)}`);
  } catch (error) {
    if (error.status === 404) return undefined;
    throw error;
  }
}

/** Documents whose fields equal the given values (an array: any of them). Newest first. */
export function search(index, terms, { size = 20, from = 0 } = {}) {
  const filter = Object.entries(terms).map(([field, value]) => ({ terms: { [field]: [value].flat() } }));
  return request('POST', `/${index}/_search?ignore_unavailable=true`, {
    query: { bool: { filter } },
    sort: [{ created: { order: 'desc', unmapped_type: 'date' } }],
    track_total_hits: true,
    size,
    from,
  });
}

/** Creates an index; one that is there, open or closed, or an alias of that name, stays as it is. Answers whether it was made. */
export async function createIndexIfMissing(index, definition) {
  try {
    await request('PUT', `/${index}`, definition, 30_000);
    return true;
  } catch (error) {
    if (error.type === 'resource_already_exists_exception') return false;
    // What brought the index back may have swapped another one in under its name.
    if (error.type === 'invalid_index_name_exception' && (await isAlias(index))) return false;
    throw error;
  }
}

async function isAlias(name) {
  return (await fetch(`${base}/_alias/${name}`, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) })).ok;
}
