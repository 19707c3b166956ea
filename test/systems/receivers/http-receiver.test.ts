import { hostOf, send } from '../../../systems/http-receiver.ts';
import { startReceiver, type Answer, type TestReceiver } from '../../receiver.ts';

const open: TestReceiver[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

async function receiver(...answers: Answer[]) {
  const started = await startReceiver((_received, count) =>
    count <= answers.length ? answers[count - 1] : { status: 200 },
  );
  open.push(started);
  return started;
}
const never = new AbortController().signal;
const post = (url: string) => send({ method: 'POST', url, headers: { 'x-token': 'secret' }, body: '{}' }, never);

test('a document is posted with its headers, and 2xx is its receipt', async () => {
  const there = await receiver({ status: 204 });
  expect(await post(`${there.url}/hook?x=1`)).toEqual({ taken: true });
  expect(there.received).toMatchObject([
    { method: 'POST', path: '/hook?x=1', body: '{}', headers: { 'x-token': 'secret' } },
  ]);
});

test.each([
  [404, false],
  [400, false],
  [410, false],
  [304, false],
  [408, true],
  [429, true],
  [500, true],
  [503, true],
])('%i: tried again is %s', async (status, again) => {
  const there = await receiver({ status });
  expect(await post(there.url)).toEqual({ taken: false, why: `it answered ${status}`, again });
  expect(there.received).toHaveLength(1);
});

test('a redirect on the same server is followed, with the document', async () => {
  const there = await receiver({ status: 307, location: '/elsewhere' });
  expect(await post(there.url)).toEqual({ taken: true });
  expect(there.received).toMatchObject([{ path: '/' }, { path: '/elsewhere', method: 'POST', body: '{}' }]);
});

test('a redirect to another server is not: it would get the headers', async () => {
  const other = await receiver();
  const there = await receiver({ status: 307, location: `${other.url}/token-in-the-path` });
  const receipt = await post(there.url);
  expect(receipt).toMatchObject({ taken: false, again: false });
  expect(JSON.stringify(receipt)).toContain(`127.0.0.1:${other.port}`);
  expect(JSON.stringify(receipt)).not.toContain('token-in-the-path');
  expect(other.received).toEqual([]);
});

test('a redirect that makes a GET of the POST is not followed; that of a GET is', async () => {
  const posted = await receiver({ status: 302, location: '/login' });
  expect(await post(posted.url)).toMatchObject({ taken: false, again: false });
  expect(posted.received).toHaveLength(1);
  const asked = await receiver({ status: 302, location: '/ping' });
  expect(await send({ method: 'GET', url: asked.url }, never)).toEqual({ taken: true });
});

test('a redirect in circles ends', async () => {
  const there = await receiver(...Array.from({ length: 9 }, () => ({ status: 308, location: '/' })));
  expect(await post(there.url)).toMatchObject({ taken: false, again: false });
  expect(there.received).toHaveLength(4);
});

test('no listener, no such host, nonsense: reported by code, without the address', async () => {
  const gone = await startReceiver();
  await gone.close();
  expect(await post(`${gone.url}/token`)).toEqual({
    taken: false,
    why: 'it cannot be reached (ECONNREFUSED)',
    again: true,
  });
  expect(await post('http://no-such-host.invalid/token')).toMatchObject({ taken: false, again: true });
  expect(await post('ftp://host/token')).toMatchObject({ taken: false, again: false });
  expect(await post('not a url')).toMatchObject({ taken: false, again: false });
  const broken = { method: 'POST', url: 'http://127.0.0.1:1/', headers: { 'x-token': 'line\nbreak' } } as const;
  expect(await send(broken, never)).toEqual({
    taken: false,
    why: 'its address or headers cannot be sent',
    again: false,
  });
});

test('a server that never answers is given 10 s', async () => {
  const there = await receiver(undefined);
  const began = Date.now();
  expect(await post(there.url)).toEqual({ taken: false, why: 'no answer within 10 s', again: true });
  expect(Date.now() - began).toBeGreaterThan(9_000);
}, 20_000);

test('a cancellation is not mistaken for an answer', async () => {
  const there = await receiver(undefined);
  const abort = new AbortController();
  const sending = send({ method: 'GET', url: there.url }, abort.signal);
  abort.abort(new Error('the worker stops'));
  await expect(sending).rejects.toThrow('the worker stops');
});

test('user and password in the address become a header', async () => {
  const there = await receiver();
  expect(await post(there.url.replace('http://', 'http://ann:p%40ss@'))).toEqual({ taken: true });
  expect(there.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
});

test('messages show only the host of an address', () => {
  expect(hostOf('https://hooks.example:8443/services/T0/B0/token?key=x')).toBe('hooks.example:8443');
  expect(hostOf('https://user:pass@hooks.example/')).toBe('hooks.example');
  expect(hostOf('token')).toBe('no URL');
});
