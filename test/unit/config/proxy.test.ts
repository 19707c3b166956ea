import { proxyFor } from '../../../config/proxy.ts';
import { redact } from '../../../config/redaction.ts';

const proxy = 'http://proxy.example:3128';

test.each<[string, string, NodeJS.ProcessEnv, string | undefined]>([
  ['none', 'https://es.example', {}, undefined],
  ['https', 'https://es.example', { HTTPS_PROXY: proxy }, proxy],
  ['in small letters', 'https://es.example', { https_proxy: proxy }, proxy],
  ['not for http', 'http://es.example', { HTTPS_PROXY: proxy }, undefined],
  ['http', 'http://es.example', { HTTP_PROXY: proxy }, proxy],
  ['for all', 'https://es.example', { ALL_PROXY: proxy }, proxy],
  ['without a scheme', 'https://es.example', { HTTPS_PROXY: 'proxy.example:3128' }, proxy],
  ['an empty variable is none', 'https://es.example', { HTTPS_PROXY: '' }, undefined],
  ['loopback, never', 'https://127.0.0.1:9200', { HTTPS_PROXY: proxy }, undefined],
  ['loopback in IPv6', 'https://[::1]:9200', { HTTPS_PROXY: proxy }, undefined],
])('the proxy of the environment: %s', (_, url, variables, wanted) => {
  expect(proxyFor(url, variables)).toBe(wanted);
});

test.each([
  ['es.example', true],
  ['example', true],
  ['.example', true],
  ['*.example', true],
  ['*', true],
  ['other, es.example', true],
  ['other es.example', true],
  ['ES.Example', true],
  ['es.example:9243', true],
  ['es.example:443', false],
  ['s.example', false],
  ['other', false],
])('NO_PROXY %s', (list, leftOut) => {
  const found = proxyFor('https://es.example:9243/x', { HTTPS_PROXY: proxy, NO_PROXY: list });
  expect(found).toBe(leftOut ? undefined : proxy);
});

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['fd00::/8', '[fd00::1]', true],
  ['10.0.0.0/8', 'es.example', false],
])('NO_PROXY %s and the address %s', (list, host, leftOut) => {
  const found = proxyFor(`https://${host}:9200`, { HTTPS_PROXY: proxy, no_proxy: list });
  expect(found).toBe(leftOut ? undefined : proxy);
});

test("a proxy's password is a secret from then on", () => {
  proxyFor('https://es.example', { HTTPS_PROXY: 'http://me:proxy-p%40ss@proxy.example:3128' });
  expect(redact('via http://me:proxy-p%40ss@proxy.example, that is proxy-p@ss')).not.toMatch(/p@ss|p%40ss/);
});
