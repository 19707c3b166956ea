import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EtcdAccess } from '../../../../systems/etcd/access.ts';
import { fakeContainer, type FakeContainer } from '../exchange/fake-container.ts';

export interface FakeMember {
  container: FakeContainer;
  folder: string;
  /** The lines of its data: one for each change. */
  lines: () => string[];
  put: (line: string) => void;
}

/**
 * An etcdctl that knows a file of lines, one for each change: their number is the revision, their sum the hash. The outputs are
 * those of etcd 3.4.23, of which the ids have 64 bits. A snapshot ends with a line that a cut one lacks.
 */
const etcdctl = String.raw`#!/bin/sh
set -eu
db=$FAKE_ROOT/data/member/snap/db
die() { echo "{\"level\":\"warn\"}" >&2; echo "Error: $1" >&2; exit 1; }
[ "$1" = -w ] && shift 2
flag() { wanted=$1; shift; while [ $# -gt 0 ]; do if [ "$1" = "$wanted" ]; then echo "$2"; return; fi; shift; done; }
rev() { at=$(flag --rev "$@"); now=$(wc -l <"$db"); [ "$at" -le "$now" ] || die 'etcdserver: mvcc: required revision is a future revision'; if [ "$at" = 0 ]; then echo "$now"; else echo "$at"; fi; }
case "$1 $2" in
  'snapshot restore')
    tail -n 1 "$3" | grep -q '^END$' || die 'snapshot missing hash but --skip-hash-check=false'
    target=$(flag --data-dir "$@")
    [ -e "$target" ] && die "data-dir \"$target\" exists"
    mkdir -p "$target/member/snap"
    grep -v '^END$' "$3" >"$target/member/snap/db" || true
    echo "$(flag --name "$@") $(flag --initial-cluster "$@") $(flag --initial-cluster-token "$@")" >"$target/member/identity"
    exit 0 ;;
  'snapshot status') echo "{\"hash\":1,\"revision\":$(grep -vc '^END$' "$3"),\"totalKey\":1,\"totalSize\":20480}"; exit 0 ;;
esac
[ "\${ETCDCTL_PASSWORD:-}" = "$FAKE_PASSWORD" ] || die 'etcdserver: authentication failed, invalid user ID or password'
case "$1 $2" in
  'endpoint status') echo "[{\"Endpoint\":\"x\",\"Status\":{\"header\":{\"cluster_id\":15118495548433857066,\"member_id\":$FAKE_ID,\"revision\":8},\"version\":\"$FAKE_VERSION\",\"dbSize\":20480,\"dbSizeInUse\":16384}}]" ;;
  'member list') echo "{\"header\":{},\"members\":[$FAKE_MEMBERS]}" ;;
  'endpoint hashkv') r=$(rev "$@"); echo "[{\"HashKV\":{\"header\":{\"revision\":$(wc -l <"$db")},\"hash\":$(head -n "$r" "$db" | cksum | cut -d ' ' -f 1),\"compact_revision\":-1}}]" ;;
  'get ') r=$(rev "$@"); echo "{\"header\":{},\"kvs\":[{\"key\":\"azE=\"}],\"count\":$r}" ;;
  'user list') echo '{"header":{},"users":["root"]}' ;;
  'role list') echo '{"header":{}}' ;;
  'alarm list') ;;
  'snapshot save')
    if [ -e "$FAKE_ROOT/cut" ]; then head -n 1 "$db" >"$3.part"; die 'rpc error: code = Unavailable desc = transport is closing'; fi
    cp "$db" "$3"; echo END >>"$3" ;;
  *) die "unknown command $*" ;;
esac
`.replaceAll('\\$', '$');

const ids = ['13668033151171901709', '13668033151171901710', '13668033151171901711'];

export interface FakeEtcd {
  access: EtcdAccess;
  members: [FakeMember, ...FakeMember[]];
  cutSnapshots: (cut: boolean) => void;
  remove: () => void;
}

export function fakeEtcd({
  count = 1,
  password = 'hidden-secret',
  version = '3.4.23',
  before,
}: { count?: number; password?: string; version?: string; before?: (what: string) => void } = {}): FakeEtcd {
  const root = mkdtempSync(join(tmpdir(), 'rekindle-etcd-'));
  const programs = join(root, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'etcdctl'), etcdctl);
  chmodSync(join(programs, 'etcdctl'), 0o755);
  const name = (index: number) => `m${index + 1}`;
  const list = ids
    .slice(0, count)
    .map((id, index) => `{"ID":${id},"name":"${name(index)}","peerURLs":["http://${name(index)}:2380"]}`)
    .join(',');
  const members = ids.slice(0, count).map((id, index): FakeMember => {
    const home = join(root, name(index));
    const folder = join(home, 'data');
    const db = join(folder, 'member', 'snap', 'db');
    mkdirSync(join(folder, 'member', 'snap'), { recursive: true });
    writeFileSync(db, 'a\nb\nc\n');
    const lines = () => readFileSync(db, 'utf8').split('\n').slice(0, -1);
    const container = fakeContainer({
      name: `etcd-${index + 1}`,
      programs,
      environment: {
        FAKE_ROOT: home,
        FAKE_ID: id,
        FAKE_MEMBERS: list,
        FAKE_PASSWORD: 'hidden-secret',
        FAKE_VERSION: version,
      },
      described: { mounts: [home], swarm: false, environment: {}, words: ['etcd', '--data-dir', folder] },
      ...(before && { before }),
      // A server that finds nothing begins with nothing.
      onStart: () => {
        if (existsSync(db)) return;
        mkdirSync(join(folder, 'member', 'snap'), { recursive: true });
        writeFileSync(db, '');
      },
    });
    return { container, folder, lines, put: (line) => writeFileSync(db, `${line}\n`, { flag: 'a' }) };
  }) as FakeEtcd['members'];
  return {
    access: {
      store: 'coordination',
      containers: members.map(({ container }) => container) as unknown as EtcdAccess['containers'],
      endpoint: 'http://127.0.0.1:2379',
      user: { name: 'root', password },
      run: 'backup/1',
    },
    members,
    cutSnapshots(cut) {
      for (const { folder } of members)
        if (cut) writeFileSync(join(folder, '..', 'cut'), '');
        else rmSync(join(folder, '..', 'cut'), { force: true });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What of a run is left in the folder. */
export const leftIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('rekindle'));
