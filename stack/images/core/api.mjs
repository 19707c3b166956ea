import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createIndexIfMissing, getDocument, request, search } from './lib/elasticsearch.mjs';
import { log, reason } from './lib/log.mjs';
import { LockingQueue } from './lib/queue.mjs';
import { patiently, runService } from './lib/service.mjs';
import { ZookeeperSession } from './lib/zookeeper.mjs';

const PORT = Number(process.env.PORT ?? 8080);
/** The priority that Nuvla's API gives to a job that names none. */
const DEFAULT_PRIORITY = 999;
const indices = JSON.parse(readFileSync(new URL('indices.json', import.meta.url), 'utf8'));

runService('api', async ({ signal, atExit, fail }) => {
  const session = new ZookeeperSession(fail);
  atExit(() => session.close());
  const queue = new LockingQueue(session);
  let ready = false;

  const server = createServer((incoming, outgoing) => {
    answer(incoming)
      .catch((error) => ({ status: error.status ?? 503, body: { message: reason(error) } }))
      .then(({ status, body }) => {
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  server.listen(PORT, () => log(`api: listening on ${PORT}`));

  async function answer(incoming) {
    const url = new URL(incoming.url, 'http://api');
    const [root, resource, id] = url.pathname.split('/').slice(1);
    if (url.pathname === '/healthz') return health();
    if (url.pathname === '/api/cloud-entry-point') return entryPoint();
    if (root !== 'api' || !/^[a-z][a-z-]*$/.test(resource ?? '')) return notFound(url.pathname);
    if (incoming.method === 'POST' && resource === 'job') return createJob(await readJson(incoming));
    if (incoming.method !== 'GET') return { status: 405, body: { message: `${incoming.method} is not possible here` } };
    return id === undefined ? list(resource, url.searchParams) : single(resource, id);
  }

  async function health() {
    const [elasticsearch, zookeeper] = await Promise.all([
      request('GET', '/_cluster/health', undefined, 2_000).then(
        (health) => health.status,
        (error) => reason(error),
      ),
      session.connected ? 'connected' : 'not connected',
    ]);
    const healthy = ready && ['green', 'yellow'].includes(elasticsearch) && zookeeper === 'connected';
    return { status: healthy ? 200 : 503, body: { healthy, ready, elasticsearch, zookeeper } };
  }

  /** The queue entry first, then the document that names it, as Nuvla does. */
  async function createJob({ action, target, priority = DEFAULT_PRIORITY, mode = 'push' }) {
    if (typeof action !== 'string' || typeof target !== 'string') {
      return { status: 400, body: { message: 'action and target must be texts' } };
    }
    if (!Number.isInteger(priority) || priority < 0 || priority > 999) {
      return { status: 400, body: { message: 'priority must be a whole number from 0 to 999' } };
    }
    if (!ready) return { status: 503, body: { message: 'not ready' } };
    const uuid = randomUUID();
    const id = `job/${uuid}`;
    const entry = mode === 'pull' ? undefined : await queue.put(id, priority);
    const now = new Date().toISOString();
    const document = {
      id,
      'resource-type': 'job',
      action,
      state: 'QUEUED',
      'target-resource': { href: target },
      'execution-mode': mode,
      priority,
      progress: 0,
      ...(entry && { tags: [entry] }),
      created: now,
      updated: now,
    };
    try {
      await request('PUT', `/nuvla-job/_create/${uuid}?refresh=true`, document);
    } catch (error) {
      if (entry) await queue.withdraw(entry);
      throw error;
    }
    return { status: 201, body: { status: 201, message: `${id} created`, 'resource-id': id, entry } };
  }

  await patiently('zookeeper', () => queue.ensure(), signal);
  for (const [index, definition] of Object.entries(indices)) {
    const made = await patiently('elasticsearch', () => createIndexIfMissing(index, definition), signal);
    if (made) log(`api: created the missing index ${index}`);
  }
  ready = true;
  log('api: ready');
});

function entryPoint() {
  const resources = Object.keys(indices).map((index) => index.replace('nuvla-', ''));
  const collections = Object.fromEntries(resources.map((name) => [name, { href: `api/${name}` }]));
  return { status: 200, body: { id: 'cloud-entry-point', 'base-uri': '/api/', collections } };
}

async function list(resource, parameters) {
  const terms = {};
  for (const name of new Set(parameters.keys())) {
    if (name !== 'size' && name !== 'from') terms[name] = parameters.getAll(name);
  }
  const size = Number(parameters.get('size') ?? 20);
  const from = Number(parameters.get('from') ?? 0);
  const { hits } = await search(`nuvla-${resource}`, terms, { size, from });
  const resources = hits.hits.map((hit) => hit._source);
  return { status: 200, body: { 'resource-type': `${resource}-collection`, count: hits.total.value, resources } };
}

async function single(resource, id) {
  const found = await getDocument(`nuvla-${resource}`, id);
  return found ? { status: 200, body: found._source } : notFound(`${resource}/${id}`);
}

const notFound = (what) => ({ status: 404, body: { status: 404, message: `${what} not found` } });

async function readJson(incoming) {
  let text = '';
  for await (const chunk of incoming) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    throw Object.assign(new Error('the body is not JSON'), { status: 400 });
  }
}
