import { isLoopbackHost } from '../../config/listen-address.ts';
import { Failure } from '../../domain/failures.ts';
import { only, type Asked } from './asked.ts';

// Against pages of other people that make a browser send requests here: browsers add cookies, and reach this machine.

/** Whoever changes something without a token in its headers sends it: no page of another site can. */
export const requestHeader = 'x-rekindle-request';

/**
 * Refuses a name that somebody else's DNS points at this machine: the page that it belongs to could read all answers.
 * `url`: a host besides this machine that is ours. Failure: NotAllowed.
 */
export function assertOwnHost(asked: Asked, url?: string): void {
  const host = only(asked, 'host') ?? '';
  const name = hostName(host);
  if (name !== undefined && (isLoopbackHost(name) || name === (url && new URL(url).hostname))) return;
  throw new Failure('NotAllowed', {
    message: `The request is for the host "${host.slice(0, 100)}", which is not this gateway's`,
    remedy:
      "Open the gateway at its own address: the one of this machine (127.0.0.1), or with access control that of `url` in the gateway's file",
  });
}

/** Refuses what another site's page could have sent with the browser's cookies. Failure: NotAllowed. */
export function assertOwnPage(asked: Asked, url?: string): void {
  const fault = faultOf(asked, url);
  if (fault === undefined) return;
  throw new Failure('NotAllowed', {
    message: `The request could come from a page of another site: ${fault}`,
    remedy: `Use the gateway's own page; a program sends a token ("Authorization: Bearer …"), or without access control the header "X-Rekindle-Request: 1"`,
  });
}

function faultOf(asked: Asked, url: string | undefined): string | undefined {
  const site = only(asked, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return `the browser calls it "${site.slice(0, 20)}"`;
  const origin = asked.headers['origin'];
  if (origin !== undefined && !isOwnOrigin(origin, asked, url)) return 'its Origin is not this gateway';
  return only(asked, requestHeader) === '1' ? undefined : 'it has no header "X-Rekindle-Request: 1"';
}

/** Also under the name that a proxy keeps to itself: then it is the `url`. */
function isOwnOrigin(origins: string[], asked: Asked, url: string | undefined): boolean {
  const [origin, ...others] = origins;
  if (origin === undefined || others.length > 0) return false;
  const host = only(asked, 'host');
  return [`http://${host}`, `https://${host}`, ...(url === undefined ? [] : [new URL(url).origin])].includes(origin);
}

function hostName(host: string): string | undefined {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}
