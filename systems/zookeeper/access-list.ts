import library, { type ACL } from 'node-zookeeper-client';

const { Permission, Id } = library;
const permissions: Record<string, number> = {
  c: Permission.CREATE,
  d: Permission.DELETE,
  r: Permission.READ,
  w: Permission.WRITE,
  a: Permission.ADMIN,
};

/** From `<scheme>:<id>:<permissions>`, as ZooKeeper's own shell writes it; the id may hold colons. */
export function accessList(lines: readonly string[]): ACL[] {
  return lines.map((line) => {
    const [first, last] = [line.indexOf(':'), line.lastIndexOf(':')];
    const letters = Object.keys(permissions).filter((letter) => line.slice(last).includes(letter));
    const mask = letters.reduce((bits, letter) => bits | (permissions[letter] ?? 0), 0);
    return new library.ACL(mask, new Id(line.slice(0, first), line.slice(first + 1, last)));
  });
}
