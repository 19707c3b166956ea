import { helperRoot } from './helper.ts';

/*
 * What the helper does to the engine's folders. Each script may be cut off anywhere and run again.
 * $1 the run's folder, $2 the volume. What is known of a volume's data stands beside it in `.<volume>.inventory`, lines of
 * `key=value`; no volume's name begins with a dot, so nothing of it is taken for one. `.deployment.age` is what the run
 * recorded before its first stop.
 */

/** Beside the volume root, not in it: a folder in there becomes a volume at the engine's next start. */
export const quarantineRoot = 'rekindle-quarantine';

const places = `
set -eu
volume=${helperRoot}/volumes/$2
live=$volume/_data
folder=${helperRoot}/${quarantineRoot}/$1
kept=$folder/$2
record=$folder/.$2.inventory
fresh_record=$folder/.$2.new
listing=$folder/.$2.listing
`;

/** Seconds that the inventory of a volume may take; then there is none. */
const inventoryLimit = 20;

/**
 * Prints the inventory of the folder $1 as `files=`, `bytes=` and `checksum=`; $2 is a file to work with. Names and sizes
 * of plain files only: no content is read. `find -printf` is GNU's alone. Sizes are listed by themselves, as a name may
 * have line breaks. Nothing is printed before all of it is known.
 */
const takeInventory = `
set -eu
cd "$1"
find . -type f -exec stat -c %s {} + > "$2"
files=0
bytes=0
while read -r size; do files=$((files + 1)); bytes=$((bytes + size)); done < "$2"
find . -type f -exec stat -c "%s %n" {} + > "$2"
checksum=$(LC_ALL=C sort "$2" | sha256sum | cut -d " " -f 1)
[ \${#checksum} -eq 64 ]
echo "files=$files"
echo "bytes=$bytes"
echo "checksum=$checksum"
`;

/**
 * `inventory <folder>` prints it, or nothing when it takes too long or a tool is missing. `keep_record` takes the record
 * from its input, whole or not at all: a disk that is full keeps no data from being moved.
 */
const functions = `
keep_record() {
  if cat > "$fresh_record" 2>/dev/null; then mv "$fresh_record" "$record"; else rm -f "$fresh_record"; fi
}
inventory() {
  rm -f "$listing"
  timeout ${inventoryLimit} sh -c '${takeInventory}' sh "$1" "$listing" 2>/dev/null || true
  rm -f "$listing"
}
`;

/**
 * The data goes aside by a rename; an empty folder with the same owner and mode takes its place, whole or not at all. Only
 * then is the inventory taken. $3 the run, as it is recorded.
 */
export const quarantineScript = `${places}${functions}
mkdir -p "$folder"
chmod 700 ${helperRoot}/${quarantineRoot}
if [ "$(stat -c %d "$volume")" != "$(stat -c %d "$folder")" ]; then
  echo "$volume lies on another file system than $folder: it cannot be renamed"; exit 21
fi
state=present
if [ ! -e "$kept" ]; then
  printf 'run=%s\\nquarantinedAt=%s\\n' "$3" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" | keep_record
  mv "$live" "$kept"
  state=moved
fi
if [ ! -e "$live" ]; then
  fresh=$volume/_data.rekindle
  rm -rf "$fresh"
  mkdir "$fresh"
  chown "$(stat -c %u:%g "$kept")" "$fresh"
  chmod "$(stat -c %a "$kept")" "$fresh"
  mv "$fresh" "$live"
fi
echo "state=$state"
# Moved by an older Rekindle: when is not known.
if [ ! -e "$record" ]; then echo "run=$3" | keep_record; fi
if ! grep -q ^checksum= "$record" 2>/dev/null; then
  taken=$(inventory "$kept")
  if [ -n "$taken" ]; then { cat "$record"; echo "$taken"; } 2>/dev/null | keep_record; fi
fi
cat "$record" 2>/dev/null || true
`;

/**
 * What took the data's place meanwhile is kept beside it, never deleted. The inventory is taken anew before the data is
 * moved, and noted as `found.…`, so that a repeated script can still tell it.
 */
export const returnScript = `${places}${functions}
if [ ! -e "$kept" ]; then
  echo state=present
  cat "$record" 2>/dev/null || true
  exit 0
fi
if [ ! -d "$volume" ]; then echo "the volume's folder $volume is not there: create the volume first"; exit 22; fi
if [ -e "$record" ]; then
  found=$(inventory "$kept")
  { grep -v ^found. "$record"; [ -z "$found" ] || echo "$found" | sed s/^/found./; } | keep_record
fi
if [ -e "$live" ]; then
  aside=$kept.replaced
  n=1
  while [ -e "$aside" ]; do n=$((n + 1)); aside=$kept.replaced.$n; done
  mv "$live" "$aside"
fi
mv "$kept" "$live"
echo state=moved
cat "$record" 2>/dev/null || true
# With nothing of the volume left here, nobody would ever release its record.
if [ ! -e "$kept.replaced" ]; then rm -f "$record"; rmdir "$folder" 2>/dev/null || true; fi
`;

/**
 * $1 the run's folder, then volumes. The records go last: cut off before, what is left is still known. With no data left in
 * it, nobody needs the folder.
 */
export const releaseScript = `
set -eu
folder=${helperRoot}/${quarantineRoot}/$1
shift
for volume in "$@"; do
  if [ -e "$folder/$volume" ]; then echo "$volume=released"; fi
  # Out of reach at once, then deleted: half of the data must never return.
  for path in "$folder/$volume" "$folder/$volume.replaced" "$folder/$volume.replaced."[0-9]*; do
    if [ -e "$path" ]; then mv "$path" "$folder/.released.\${path##*/}"; fi
  done
  rm -rf "$folder/.released."*
  rm -f "$folder/.$volume.inventory" "$folder/.$volume.new" "$folder/.$volume.listing"
done
for rest in "$folder"/*; do
  if [ -e "$rest" ]; then exit 0; fi
done
rm -rf "$folder"
`;

/** A line `volume=folder/volume` for each; after it the lines of its record. Then `owner=folder/run` for each folder. */
export const listScript = `
set -eu
cd ${helperRoot}/${quarantineRoot} 2>/dev/null || exit 0
for path in */*; do
  if [ ! -e "$path" ]; then continue; fi
  echo "volume=$path"
  cat "\${path%/*}/.\${path##*/}.inventory" 2>/dev/null || true
done
for record in */.*.inventory; do
  if [ ! -f "$record" ]; then continue; fi
  echo "owner=\${record%%/*}/$(sed -n s/^run=//p "$record")"
done
`;
