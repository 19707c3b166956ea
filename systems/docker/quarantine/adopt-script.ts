import { helperRoot } from './helper.ts';
import { immovable, quarantineRoot } from './places.ts';
import { inventoryFunctions } from './quarantine-scripts.ts';

/**
 * The data of one volume becomes that of another by a rename, into the empty folder that the quarantine has left. Arguments: $1 the
 * run's folder, $2 the volume, $3 the volume that has the data. May be cut off anywhere and run again: which folder is meant is
 * recorded by its inode before it is moved, and a rename inside one file system keeps that. Nothing is ever overwritten: `rmdir`
 * takes an empty folder only.
 */
export const adoptScript = `
set -eu
folder=${helperRoot}/${quarantineRoot}/$1
kept=$folder/$2
home=${helperRoot}/volumes/$2
live=$home/_data
giver=${helperRoot}/volumes/$3
source=$giver/_data
fresh=$giver/_data.rekindle
record=$folder/.$2.adopted
fresh_record=$folder/.$2.adopted.new
listing=$folder/.$2.adopted.listing
${inventoryFunctions}${immovable}
inode() { stat -c %i "$1" 2>/dev/null || true; }
is_empty() { [ -d "$1" ] && [ ! -L "$1" ] && [ -z "$(ls -A "$1")" ]; }

if [ ! -d "$home" ]; then echo "the volume's folder $home is not there"; exit 22; fi
wanted=$(sed -n s/^inode=//p "$record" 2>/dev/null || true)
if [ -n "$wanted" ] && [ "$(sed -n s/^from=//p "$record")" != "$3" ]; then
  echo "data of another volume was brought here: $(sed -n s/^from=//p "$record")"; exit 24
fi
if [ -n "$wanted" ] && [ "$(inode "$live")" = "$wanted" ]; then
  state=present
else
  if [ ! -e "$kept" ]; then echo "its own data was not set aside by this run"; exit 23; fi
  if [ -e "$live" ] && ! is_empty "$live"; then echo "there is data in $live already"; exit 23; fi
  if [ ! -d "$source" ] || [ -L "$source" ] || is_empty "$source"; then echo "there is no data in $source"; exit 23; fi
  if [ -n "$wanted" ] && [ "$(inode "$source")" != "$wanted" ]; then
    echo "$source is not the folder that was to be brought here"; exit 24
  fi
  if [ -z "$wanted" ]; then
    why=$(immovable "$giver" "$home" "$2")
    if [ -n "$why" ]; then echo "$why"; exit 21; fi
    taken=$(inventory "$source")
    # Unlike that of a quarantine, this record must be there: it says what was moved.
    printf 'from=%s\\ninode=%s\\n%s\\n' "$3" "$(inode "$source")" "$taken" > "$fresh_record"
    mv "$fresh_record" "$record"
  fi
  if [ -e "$live" ]; then rmdir "$live"; fi
  mv "$source" "$live"
  state=moved
fi
# The volume that gave its data stays one that can be mounted, and removed.
if [ ! -e "$source" ] && [ -d "$giver" ]; then
  rm -rf "$fresh"
  mkdir "$fresh"
  mv "$fresh" "$source"
fi
echo "state=$state"
cat "$record"
`;
