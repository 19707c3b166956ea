import ipaddr from 'ipaddr.js';
import type { TrustedProxy } from '../../config/gateway-file.ts';
import type { Caller } from '../../domain/access.ts';
import { Failure } from '../../domain/failures.ts';
import { only, type Asked } from './asked.ts';
import { roleOf } from './role-of.ts';

/**
 * Whom the trusted proxy names; undefined when the request does not come from it, or it names nobody. Failures:
 * NotLoggedIn when it names several at once, NotAllowed when they have no role.
 */
export function namedByProxy(asked: Asked, settings: TrustedProxy): Caller | undefined {
  const { nameHeader, groupsHeader, roles, from } = settings;
  if (asked.headers[nameHeader] === undefined || !isWithin(asked.address, from)) return undefined;
  const name = only(asked, nameHeader)?.trim() ?? '';
  // A proxy that adds to what the client sent, instead of replacing it, lets anybody choose a name or a group.
  if (name === '' || name.includes(',')) throw unclear(nameHeader);
  if (groupsHeader !== undefined && (asked.headers[groupsHeader]?.length ?? 0) > 1) throw unclear(groupsHeader);
  const groups =
    groupsHeader === undefined ? [name] : (only(asked, groupsHeader) ?? '').split(',').map((one) => one.trim());
  const role = roleOf(groups, roles);
  if (role !== undefined) return { name, role, method: 'proxy' };
  throw new Failure('NotAllowed', {
    message:
      groupsHeader === undefined
        ? `${name} has no role here`
        : `${name} has no role here: none of the groups in the header ${groupsHeader} has one`,
    remedy: "Name the person, or one of their groups, in access.trustedProxy.roles of the gateway's file",
  });
}

/** Whether the address is one of these, or in one of these networks. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 client of a socket for both kinds looks like ::ffff:10.0.0.1.
  const own = ipaddr.process(address);
  return networks.some((network) => {
    const [base, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : [ipaddr.process(network), undefined];
    return own.kind() === base.kind() && own.match(base, bits ?? (base.kind() === 'ipv4' ? 32 : 128));
  });
}

function unclear(header: string): Failure {
  return new Failure('NotLoggedIn', {
    message: `The header ${header} stands twice, is empty, or holds several names`,
    remedy: 'Have the proxy replace this header, whatever the client sent',
  });
}
