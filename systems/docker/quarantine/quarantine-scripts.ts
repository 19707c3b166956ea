import { besideRoot, helperRoot } from './helper.ts';
import { besideQuarantine, immovable, places, quarantineRoot } from './places.ts';

// What the helper does to the folders of the engine, and to those that are bind-mounted. Each script may be cut off anywhere
// and run again. Arguments: see `places`. `.deployment.age` is what the run recorded before its first stop.

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

/** `inventory <folder>` prints it, or nothing when it takes too long or a tool is missing. */
export const inventoryFunctions = `
inventory() {
  rm -f "$listing"
  timeout ${inventoryLimit} sh -c '${takeInventory}' sh "$1" "$listing" 2>/dev/null || true
  rm -f "$listing"
}
`;

/** `keep_record` takes the record from its input, whole or not at all: a disk that is full keeps no data from being moved. */
const functions = `
keep_record() {
  if cat > "$fresh_record" 2>/dev/null; then mv "$fresh_record" "$record"; else rm -f "$fresh_record"; fi
}
${inventoryFunctions}`;

/**
 * The data goes aside by a rename; an empty folder with the same owner and mode takes its place, whole or not at all. Only
 * then is the inventory taken. That a folder is set aside is noted before it is. $5 the run, as it is recorded.
 */
export const quarantineScript = `${places}${functions}${immovable}
if [ ! -d "$home" ]; then echo "the volume's folder $home is not there"; exit 22; fi
mkdir -p "$folder" "$aside"
chmod 700 ${helperRoot}/${quarantineRoot} "$aside"
state=present
if [ ! -e "$kept" ]; then
  why=$(immovable "$home" "$aside" "$2")
  if [ -z "$why" ] && [ -n "$3" ] && is_mount_point "$live"; then why="it is a mount point of its own"; fi
  if [ -z "$why" ] && [ -L "$live" ]; then why="it is a symbolic link"; fi
  if [ -n "$why" ]; then echo "$why"; exit 21; fi
  printf 'run=%s\\nquarantinedAt=%s\\n' "$5" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" | keep_record
  if [ -n "$marker" ]; then printf 'folder=%s\\n' "$4" > "$marker"; fi
  if ! mv "$live" "$kept"; then rm -f "$marker"; exit 21; fi
  state=moved
fi
if [ ! -e "$live" ]; then
  rm -rf "$fresh"
  mkdir "$fresh"
  chown "$(stat -c %u:%g "$kept")" "$fresh"
  chmod "$(stat -c %a "$kept")" "$fresh"
  mv "$fresh" "$live"
fi
echo "state=$state"
# Moved by an older Rekindle: when is not known.
if [ ! -e "$record" ]; then echo "run=$5" | keep_record; fi
if ! grep -q ^checksum= "$record" 2>/dev/null; then
  taken=$(inventory "$kept")
  if [ -n "$taken" ]; then { cat "$record"; echo "$taken"; } 2>/dev/null | keep_record; fi
fi
cat "$record" 2>/dev/null || true
`;

/** The folders that are empty by now; the run's own last. */
const tidy = `
if [ -n "$3" ]; then rmdir "$aside" ${besideRoot}/${besideQuarantine} 2>/dev/null || true; fi
rmdir "$folder" 2>/dev/null || true
`;

/**
 * What took the data's place meanwhile is kept beside it, never deleted. The inventory is taken anew before the data is
 * moved, and noted as `found.…`, so that a repeated script can still tell it.
 */
export const returnScript = `${places}${functions}
if [ ! -e "$kept" ]; then
  if [ -n "$marker" ]; then rm -f "$marker"; fi
  echo state=present
  cat "$record" 2>/dev/null || true
  exit 0
fi
if [ ! -d "$home" ]; then echo "the volume's folder $home is not there: create the volume first"; exit 22; fi
if [ -e "$record" ]; then
  found=$(inventory "$kept")
  { grep -v ^found. "$record"; [ -z "$found" ] || echo "$found" | sed s/^/found./; } | keep_record
fi
if [ -e "$live" ]; then
  replaced=$kept.replaced
  n=1
  while [ -e "$replaced" ]; do n=$((n + 1)); replaced=$kept.replaced.$n; done
  suffix=\${replaced#"$kept"}
  if [ -n "$marker" ]; then printf 'folder=%s\\n' "$4$suffix" > "$marker$suffix"; fi
  mv "$live" "$replaced"
fi
mv "$kept" "$live"
if [ -n "$marker" ]; then rm -f "$marker"; fi
echo state=moved
cat "$record" 2>/dev/null || true
# With nothing of the volume left here, nobody would ever release its record.
if [ ! -e "$kept.replaced" ]; then
  rm -f "$record"
  ${tidy}
fi
`;

/** Whether the run's folder holds more than what was recorded, whose names begin with a dot. */
const holdsData = `
holds_data() {
  for rest in "$folder"/*; do
    if [ -e "$rest" ]; then return 0; fi
  done
  return 1
}
`;

/** The records go last: cut off before, what is left is still known. With no data left in it, nobody needs the run's folder. */
export const releaseScript = `${places}${holdsData}
if [ -e "$kept" ] || [ -e "$folder/$2" ]; then echo released=yes; fi
# Out of reach at once, then deleted: half of the data must never return.
for path in "$kept" "$kept.replaced" "$kept.replaced."[0-9]*; do
  if [ -e "$path" ]; then mv "$path" "$aside/.released.\${path##*/}"; fi
done
rm -rf "$aside/.released."*
rm -f "$record" "$fresh_record" "$listing"
if [ -n "$marker" ]; then rm -rf "$fresh"; rm -f "$marker" "$marker.replaced" "$marker.replaced."[0-9]*; fi
${tidy}
if ! holds_data; then rm -rf "$folder"; fi
`;

/** $1 the run's folder. */
export const forgetScript = `
set -eu
folder=${helperRoot}/${quarantineRoot}/$1
${holdsData}
if holds_data; then
  echo state=kept
else
  rm -rf "$folder"
  echo state=forgotten
fi
`;

/**
 * A line `volume=folder/key` for each; after it the lines of its record, for a folder its path as `folder=`. Then
 * `owner=folder/run` for each run's folder.
 */
export const listScript = `
set -eu
cd ${helperRoot}/${quarantineRoot} 2>/dev/null || exit 0
for path in */*; do
  if [ ! -e "$path" ]; then continue; fi
  echo "volume=$path"
  if [ -f "$path" ]; then cat "$path"; fi
  cat "\${path%/*}/.\${path##*/}.inventory" 2>/dev/null || true
done
for record in */.*.inventory; do
  if [ ! -f "$record" ]; then continue; fi
  echo "owner=\${record%%/*}/$(sed -n s/^run=//p "$record")"
done
`;
