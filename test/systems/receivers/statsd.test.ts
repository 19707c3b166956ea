import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { sendDatagrams } from '../../../systems/statsd.ts';

test('datagrams reach a socket', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const got = once(socket, 'message');
  const target = { host: '127.0.0.1', port: socket.address().port };
  expect(await sendDatagrams(target, ['a:1|c'])).toBeUndefined();
  expect(String((await got)[0])).toBe('a:1|c');
  socket.close();
});

test('no listener, or an invalid address: nothing is thrown', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  expect(await sendDatagrams({ host: '127.0.0.1', port }, ['a:1|c', 'b:1|c'])).toBeUndefined();
  expect(await sendDatagrams({ host: 'no-such-host.invalid', port: 8125 }, ['a:1|c'])).toMatch(
    /^no-such-host\.invalid:8125 cannot be sent to \(E[A-Z_]+\)|no way to/,
  );
});
