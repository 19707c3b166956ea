import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { openAccess } from '../../../gateway/access/access.ts';
import { gatewayServer } from '../../../gateway/server.ts';

let folder: string;
let server: FastifyInstance;
const html = '<!doctype html><title>Rekindle</title>';
const browser = { host: '127.0.0.1', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rkt-web-page-'));
  await mkdir(join(folder, 'page'));
  await writeFile(join(folder, 'page/index.html'), html);
  await writeFile(join(folder, 'page/main-0123.js'), 'run()');
  await writeFile(join(folder, 'page/main-0123.js.br'), brotliCompressSync('run()'));
  await writeFile(join(folder, 'secret.txt'), 'beside the page');
  server = await served(join(folder, 'page'));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function served(pageFolder: string): Promise<FastifyInstance> {
  const status = { status: 503, body: { Rekindle: { state: 'stale' } } };
  const answer = () => Promise.resolve(status);
  const stateFolder = join(folder, 'state');
  // With a section `access`: whoever comes must log in.
  const file = { access: {} } as Parameters<typeof openAccess>[0]['file'];
  return gatewayServer({
    pages: { front: answer, status: answer, platform: answer, readiness: answer, metrics: () => Promise.resolve('') },
    metricsType: 'text/plain',
    access: await openAccess({ file, stateFolder, loopback: true, variables: {} }),
    version: '0',
    temporalUi: undefined,
    tls: undefined,
    // None is sent here.
    incidents: {} as Parameters<typeof gatewayServer>[0]['incidents'],
    api: { register: () => undefined, close: () => Promise.resolve() },
    pageFolder,
  });
}

test('a browser gets the page, never from its cache, under a policy that lets nothing else in', async () => {
  const reply = await server.inject({ url: '/', headers: browser });
  expect(reply.statusCode).toBe(200);
  expect(reply.body).toBe(html);
  expect(reply.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  expect(reply.headers['vary']).toMatch(/accept/i);
  expect(reply.headers['content-security-policy']).toContain("default-src 'none';script-src 'self'");
});

test.each(['*/*', 'application/json', undefined])('a program that accepts %j gets no page', async (accept) => {
  const reply = await server.inject({ url: '/', headers: { host: '127.0.0.1', ...(accept && { accept }) } });
  expect(reply.headers['content-type']).toMatch(/^application\/json/);
});

test('its files are compressed as they were built, and kept for good, as their names change with them', async () => {
  const headers = { ...browser, 'accept-encoding': 'gzip, br' };
  const reply = await server.inject({ url: '/page/main-0123.js', headers });
  expect(reply.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'application/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  const plain = await server.inject({ url: '/page/main-0123.js', headers: browser });
  expect(plain.body).toBe('run()');
});

test.each(['/page/main-9999.js', '/page/..%2Fsecret.txt', '/page/%2e%2e/secret.txt', '/page/'])(
  '%s is not there',
  async (url) => {
    const reply = await server.inject({ url, headers: browser });
    expect(reply.statusCode).toBe(404);
    expect(reply.body).not.toContain('beside the page');
    expect(reply.headers['cache-control']).toBe('no-store');
  },
);

test('without a built page everybody gets JSON', async () => {
  await server.close();
  server = await served(join(folder, 'nothing'));
  const reply = await server.inject({ url: '/', headers: browser });
  expect(reply.headers['content-type']).toMatch(/^application\/json/);
});
