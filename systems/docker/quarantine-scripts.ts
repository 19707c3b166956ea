import { helperRoot } from './helper.ts';

/*
 * What the helper does to the engine's folders. Each script may be cut off anywhere and run again.
 * $1 the run's folder, $2 the volume.
 */

/** Beside the volume root, not in it: a folder in there becomes a volume at the engine's next start. */
export const quarantineRoot = 'rekindle-quarantine';

const places = `
set -eu
volume=${helperRoot}/volumes/$2
live=$volume/_data
folder=${helperRoot}/${quarantineRoot}/$1
kept=$folder/$2
`;

/** The data goes aside by a rename; an empty folder with the same owner and mode takes its place, whole or not at all. */
export const quarantineScript = `${places}
mkdir -p "$folder"
chmod 700 ${helperRoot}/${quarantineRoot}
if [ "$(stat -c %d "$volume")" != "$(stat -c %d "$folder")" ]; then
  echo "$volume lies on another file system than $folder: it cannot be renamed"; exit 21
fi
state=present
if [ ! -e "$kept" ]; then mv "$live" "$kept"; state=moved; fi
if [ ! -e "$live" ]; then
  fresh=$volume/_data.rekindle
  rm -rf "$fresh"
  mkdir "$fresh"
  chown "$(stat -c %u:%g "$kept")" "$fresh"
  chmod "$(stat -c %a "$kept")" "$fresh"
  mv "$fresh" "$live"
fi
echo "state=$state"
timeout 2 sh -c 'echo "bytes=$(($(du -sk "$1" | cut -f1) * 1024))"; echo "files=$(find "$1" -type f | wc -l)"' sh "$kept" 2>/dev/null || true
`;

/** What took the data's place meanwhile is kept beside it, never deleted. */
export const returnScript = `${places}
if [ ! -e "$kept" ]; then echo state=present; exit 0; fi
if [ ! -d "$volume" ]; then echo "the volume's folder $volume is not there: create the volume first"; exit 22; fi
if [ -e "$live" ]; then
  aside=$kept.replaced
  n=1
  while [ -e "$aside" ]; do n=$((n + 1)); aside=$kept.replaced.$n; done
  mv "$live" "$aside"
fi
mv "$kept" "$live"
echo state=moved
`;

/** $1 the run's folder, then volumes. */
export const releaseScript = `
set -eu
folder=${helperRoot}/${quarantineRoot}/$1
shift
for volume in "$@"; do
  if [ -e "$folder/$volume" ]; then echo "$volume=released"; fi
  rm -rf "$folder/$volume" "$folder/$volume.replaced" "$folder/$volume.replaced."[0-9]*
done
rmdir "$folder" 2>/dev/null || true
`;

/** One line \`folder/volume\` for each. */
export const listScript = `
set -eu
cd ${helperRoot}/${quarantineRoot} 2>/dev/null || exit 0
for path in */*; do if [ -e "$path" ]; then echo "$path"; fi; done
`;
