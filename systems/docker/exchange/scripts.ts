// Exchange of some entries of a store's data folder, while its server is stopped. POSIX sh; arguments: the folder, the id of the
// run, then the entries; none: all that the folder has, with its own owner and mode. Every step is a rename, and every script goes
// on where an earlier run of it ended.
//
// `rekindle-new-<id>`: what comes. `rekindle-kept-<id>`: what was there, all of it. `rekindle-part-<id>`: what was there, while it
// is carried; an entry that is in it is the original, and so is one that is in the folder alone. `rekindle-note-<id>`: what a
// repeated restore must know.

const begin = String.raw`set -eu
folder=$1
id=$2
shift 2
[ -d "$folder" ] || { echo "there is no folder $folder"; exit 1; }
cd "$folder"
new=rekindle-new-$id
kept=rekindle-kept-$id
part=rekindle-part-$id
gone=rekindle-gone-$id
note=rekindle-note-$id
there() { [ -e "$1" ] || [ -L "$1" ]; }
like() { if [ -n "$all" ]; then chown "$(stat -c %u:%g "$1")" "$2"; chmod "$(stat -c %a "$1")" "$2"; fi; }
all=
if [ "$#" -eq 0 ]; then
  all=yes
  for place in . "$new" "$kept" "$part"; do
    [ -d "$folder/$place" ] || continue
    cd "$folder/$place"
    for entry in * .[!.]* ..?*; do
      there "$entry" || continue
      case $entry in rekindle-new-* | rekindle-kept-* | rekindle-part-* | rekindle-gone-* | rekindle-note-* | lost+found) continue ;; esac
      set -- "$@" "$entry"
    done
  done
  cd "$folder"
fi
`;

/** What is there is kept, unless it is already; what comes takes its place. */
export const exchangeScript = `${begin}
[ -d "$new" ] || { echo "there is no $new in $folder"; exit 1; }
if [ ! -d "$kept" ]; then
  mkdir -p "$part"
  like . "$part"
  for entry; do
    if there "$entry"; then
      # A server that ran in between made it; the original is carried already.
      if there "$part/$entry"; then rm -rf "./$entry"; else mv "./$entry" "$part/$entry"; fi
    fi
  done
  mv "$part" "$kept"
fi
for entry; do rm -rf "./$entry"; done
for entry; do if there "$new/$entry"; then mv "$new/$entry" "./$entry"; fi; done
like "$new" .
rm -rf "./$new"
echo exchanged
`;

/** What was kept takes its place again; nothing was kept: nothing happens. */
export const putBackScript = `${begin}
if [ -d "$kept" ]; then
  for entry; do rm -rf "./$entry"; done
  if [ -d "$part" ]; then echo "$folder has $part and $kept"; exit 1; fi
  mv "$kept" "$part"
fi
if [ -d "$part" ]; then
  for entry; do if there "$part/$entry"; then rm -rf "./$entry"; mv "$part/$entry" "./$entry"; fi; done
  like "$part" .
  rmdir "$part"
fi
rm -rf "./$new" "./$gone" "./$note"
echo back
`;

/** What was kept is removed. A folder that is gone has nothing to remove. */
export const releaseScript = String.raw`[ -d "$1" ] || { echo released; exit 0; }
${begin}
if [ -d "$kept" ]; then rm -rf "./$gone"; mv "$kept" "$gone"; fi
rm -rf "./$gone" "./$new" "./$note"
echo released
`;

/** Says `kept` or `nothing`. */
export const keptScript = String.raw`[ -d "$1" ] || { echo nothing; exit 0; }
${begin}
if [ -d "$kept" ] || [ -d "$part" ]; then echo kept; else echo nothing; fi
`;
