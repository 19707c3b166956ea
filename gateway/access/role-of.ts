import type { RoleMembers } from '../../config/gateway-file.ts';
import { roles, type Role } from '../../domain/access.ts';

/** The highest role that one of the groups, or names, has; undefined: none of them has any. */
export function roleOf(values: readonly string[], members: RoleMembers): Role | undefined {
  const has = (role: Role) => members[role].some((member) => member === '*' || values.includes(member));
  return roles.toReversed().find(has);
}
