import ipaddr from 'ipaddr.js';
import { rememberSecret } from './redaction.ts';

/**
 * The proxy that the environment names for a URL, as curl and AWS's tools read it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, and
 * NO_PROXY with names, suffixes, `host:port`, addresses, ranges and `*`; each also in small letters. Loopback is never
 * reached through a proxy. A password within the proxy's URL is a secret from then on.
 */
export function proxyFor(address: string, variables: NodeJS.ProcessEnv): string | undefined {
  const url = new URL(address);
  const proxy = variableOf(variables, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy', 'all_proxy');
  if (proxy === undefined || isLoopback(hostOf(url)) || isLeftOut(url, variableOf(variables, 'no_proxy') ?? ''))
    return undefined;
  const whole = /^https?:\/\//.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(whole)) return undefined;
  const { password } = new URL(whole);
  if (password !== '') {
    rememberSecret(password);
    rememberSecret(decoded(password));
  }
  return whole;
}

/** Small letters first, as curl has it. Empty counts as not set. */
function variableOf(variables: NodeJS.ProcessEnv, ...names: string[]): string | undefined {
  return names.flatMap((name) => [variables[name], variables[name.toUpperCase()]]).find(Boolean);
}

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '').toLowerCase();

function isLoopback(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}

function isLeftOut(url: URL, list: string): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (ipaddr.isValidCIDR(entry)) return isWithin(host, entry);
      const [, name = entry, onlyPort] = /^([^:]+):(\d+)$/.exec(entry) ?? [];
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const suffix = name.replace(/^\*?\./, '');
      return host === suffix || host.endsWith(`.${suffix}`);
    });
}

function isWithin(host: string, range: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const address = ipaddr.process(host);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
