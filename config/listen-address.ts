import { Failure } from '../domain/failures.ts';

export interface ListenAddress {
  host: string;
  /** 0: any free one. */
  port: number;
}

/** Reads `<host>:<port>`, IPv6 in brackets. `given` says where it came from. Failure: InvalidArgument. */
export function parseListenAddress(
  text: string,
  { given, example }: { given: string; example: string },
): ListenAddress {
  const [, host, digits] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(digits) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(digits) };
  throw new Failure('InvalidArgument', {
    message: `${given} "${text}" is not <host>:<port>`,
    remedy: `Give an address such as ${example}`,
  });
}

/** Whether a host, as it stands in an address or a URL, is this machine alone. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
