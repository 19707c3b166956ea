import { randomBytes } from 'node:crypto';
import { type CodecServer, startCodecServer } from '../../../cli/servers/codec-server.ts';
import { payloadCodec } from '../../../config/payload-encryption/codec.ts';
import { payloadKey } from '../../../config/payload-encryption/keys.ts';

// Unit, though it listens: on a loopback port of its own, with nobody else.

const ui = 'http://127.0.0.1:8233';
let server: CodecServer;
beforeAll(async () => {
  const codec = payloadCodec([payloadKey(randomBytes(32))]);
  server = await startCodecServer({ codec, host: '127.0.0.1', port: 0, origins: [ui] });
});
afterAll(() => server.close());

interface Body {
  payloads: { metadata: Record<string, string>; data: string }[];
}
const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('"a sentence"') };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('encodes and decodes, as the Temporal UI asks for it', async () => {
  const headers = { origin: ui, 'x-namespace': 'default' };
  const encoded = await post('/encode', { payloads: [plain] }, headers);
  expect(encoded.headers.get('access-control-allow-origin')).toBe(ui);
  expect(encoded.headers.get('access-control-allow-credentials')).toBe('true');
  const { payloads } = (await encoded.json()) as Body;
  expect(payloads[0]?.metadata['encoding']).toBe(base64('binary/encrypted'));
  expect(JSON.stringify(payloads)).not.toContain(plain.data);
  const decoded = await post('/some-namespace/decode', { payloads: [...payloads, plain] }, headers);
  expect(await decoded.json()).toEqual({ payloads: [plain, plain] });
});

test('the browser’s preflight request', async () => {
  const answer = await fetch(`${server.url}/decode`, {
    method: 'OPTIONS',
    headers: { origin: ui, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-namespace' },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-headers')).toMatch(/content-type.*x-namespace/);
  expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
});

test('another web page gets no answer', async () => {
  for (const method of ['OPTIONS', 'POST']) {
    const answer = await fetch(`${server.url}/decode`, { method, headers: { origin: 'https://elsewhere.example' } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test.each([
  ['no JSON', '/decode', 'REKINDLE {', 400, 'the body is no JSON'],
  ['another shape', '/decode', { payloads: [{ data: 3 }] }, 400, 'the body is not'],
  ['no base64', '/decode', { payloads: [{ data: '§' }] }, 400, 'the body is not'],
  ['an unknown path', '/', { payloads: [] }, 404, '/encode or /decode'],
])('refused: %s', async (_, path, body, status, message) => {
  const answer = await post(path, body);
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as { message: string }).message).toContain(message);
});

test('a payload of another key: the message names the remedy', async () => {
  const [foreign] = await payloadCodec([payloadKey(randomBytes(32))]).encode([{ data: Buffer.from('x') }]);
  const metadata = Object.entries(foreign!.metadata!).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  const data = Buffer.from(foreign!.data!).toString('base64');
  const answer = await post('/decode', { payloads: [{ metadata: Object.fromEntries(metadata) as object, data }] });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('REKINDLE_PAYLOAD_KEY_FILE');
});

test('a port in use is reported with a remedy', async () => {
  const port = Number(new URL(server.url).port);
  const second = startCodecServer({ codec: payloadCodec([]), host: '127.0.0.1', port, origins: [] });
  await expect(second).rejects.toMatchObject({
    kind: 'InvalidArgument',
    remedy: expect.stringContaining('--listen') as string,
  });
});
