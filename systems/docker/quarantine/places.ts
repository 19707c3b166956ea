import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { isFolder } from '../../../domain/mounts.ts';
import type { VolumeName } from '../../../domain/platform.ts';
import { besideRoot, helperRoot } from './helper.ts';

/** Beside the volume root, not in it: a folder in there becomes a volume at the engine's next start. */
export const quarantineRoot = 'rekindle-quarantine';
/** Beside a bind-mounted folder: on its file system, as a rename demands. */
export const besideQuarantine = '.rekindle-quarantine';

/** A name that is readable and safe as that of a file: `restore/demo/…` → `restore%2Fdemo%2F…`. */
export function safeName(name: string): string {
  const safe = encodeURIComponent(name).replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
  return safe.length <= 200
    ? safe
    : `${safe.slice(0, 150)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

/** What a script is given of a volume or folder: its key in the run's folder; of a folder also its name and its path. */
export function placeArguments(volume: VolumeName): [key: string, name: string, folder: string] {
  return isFolder(volume) ? [safeName(volume), posix.basename(volume), encodeURI(volume)] : [volume, '', ''];
}

/** The folder that the helper must see, too. */
export function besideOf(volume: VolumeName): { beside?: string } {
  return isFolder(volume) ? { beside: posix.dirname(volume) } : {};
}

/**
 * For scripts whose arguments are $1 the run's folder, $2 the key, $3 the folder's name or nothing, $4 its path. What is
 * known of the data stands in `.<key>.inventory` of the run's folder, lines of `key=value`; no volume's name begins with a
 * dot, so nothing of it is taken for one. A folder's data waits beside itself, and a file of its key says so.
 */
export const places = `
set -eu
folder=${helperRoot}/${quarantineRoot}/$1
if [ -n "$3" ]; then
  home=${besideRoot}
  live=$home/$3
  aside=$home/${besideQuarantine}/$1
  kept=$aside/$3
  fresh=$aside/.$3.fresh
  marker=$folder/$2
else
  home=${helperRoot}/volumes/$2
  live=$home/_data
  aside=$folder
  kept=$folder/$2
  fresh=$home/_data.rekindle
  marker=
fi
record=$folder/.$2.inventory
fresh_record=$folder/.$2.new
listing=$folder/.$2.listing
`;

/**
 * `immovable <folder> <where to> <mark>` tries a rename out with a folder of its own, and prints why the engine cannot do
 * it; nothing when it can. The mark is nobody else's: several volumes are set aside at once. A move between file systems
 * would be a copy: then the moved folder is another one.
 */
export const immovable = `
immovable() {
  from=$1/.rekindle-trial-$3
  to=$2/.rekindle-trial-$3.moved
  rmdir "$from" "$to" 2>/dev/null || true
  if ! said=$(mkdir "$from" 2>&1); then echo "nothing can be written beside it: $said"; return; fi
  before=$(stat -c %d:%i "$from")
  if ! said=$(mv "$from" "$to" 2>&1); then echo "a rename fails: $said"
  elif [ "$(stat -c %d:%i "$to")" != "$before" ]; then
    echo "it lies on another file system than its quarantine"
  fi
  rmdir "$from" "$to" 2>/dev/null || true
}
is_mount_point() {
  escaped=$(printf %s "$1" | sed 's/\\\\/\\\\134/g; s/ /\\\\040/g')
  cut -d " " -f 5 /proc/self/mountinfo | grep -qFx -- "$escaped"
}
`;
