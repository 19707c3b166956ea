/** The recovery point: fetched from the catalogue, checked, decrypted. */
export const pointFunctions = `# Signed with the catalogue's keys, which no process list shows. The header is the SHA-256 of an empty body, which S3 demands.
empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
s3_options() {
  printf 'user = "%s:%s"\\n' "$($catalogue_access_key | escaped)" "$($catalogue_secret_key | escaped)"
  [ -z "$catalogue_session_token" ] || printf 'header = "x-amz-security-token: %s"\\n' "$($catalogue_session_token | escaped)"
}
s3_get() {
  curl --fail-with-body --silent --show-error "\${catalogue_tls[@]}" --aws-sigv4 "aws:amz:$region:s3" \\
    -H "x-amz-content-sha256: $empty" --config <(s3_options) "$@"
}

encode() { jq -rn --arg text "$1" '$text | @uri' | sed "s/!/%21/g; s/'/%27/g; s/(/%28/g; s/)/%29/g; s/[*]/%2A/g"; }

# The keys of the recovery point, without the catalogue's prefix.
list_keys() {
  local page token=''
  if [ "$catalogue" = directory ]; then
    (cd "$catalogue_path" && find "$platform/points/$point" -type f)
    return
  fi
  while true; do
    page=$(s3_get "$endpoint/$bucket?\${token:+continuation-token=$(encode "$token")&}list-type=2&prefix=$(encode "$prefix$platform/points/$point/")")
    grep -o '<Key>[^<]*' <<< "$page" | cut -c6- | while read -r key; do echo "\${key#"$prefix"}"; done
    token=$(grep -o '<NextContinuationToken>[^<]*' <<< "$page" | cut -d'>' -f2 || true)
    [ -n "$token" ] || return 0
  done
}

# One object of the catalogue, on standard output.
fetch() {
  if [ "$catalogue" = directory ]; then cat "$catalogue_path/$1"; else s3_get "$endpoint/$bucket/$prefix$1"; fi
}

# Fetches the recovery point without its dumps, compares every object with its digest, and decrypts the deployment capture.
fetch_point() {
  [ ! -e point.complete ] || return 0
  rm -rf point
  mkdir point
  list_keys > keys.txt
  if grep -qE '/(bad|deleting)~' keys.txt; then die "The recovery point $point is marked as bad or deleting"; fi
  local key digest manifest
  while read -r key; do
    fetch "$key" > "point/$(cut -d/ -f4- <<< "$key" | tr / _)"
  done < <(grep '[.]\\(json\\|age\\)$' keys.txt | grep -v '[.]\\(gz\\|raw\\)[.]age$')
  manifest=$(echo point/manifest~*.json)
  [ -e "$manifest" ] || die "The recovery point $point has no manifest"
  digest=\${manifest%.json}
  echo "\${digest##*~}  $manifest" | sha256sum --check
  jq -r '(.capture, .stores[].expectedSet, (.streams // [])[].expectedSet) | select(.) | "\\(.sha256) \\(.key)"' "$manifest" | while read -r digest key; do
    echo "$digest  point/$(sed "s:.*/$point/::" <<< "$key" | tr / _)" | sha256sum --check
  done
  age --decrypt --identity "$key_file" --output capture.json point/capture.age
  touch point.complete
}

# Where the manifest and the expected set of a store are.
manifest() { echo point/manifest~*.json; }
expected_of() { echo "point/stores_$1.expected.json"; }
snapshot_of() { jq -r --arg store "$1" '.stores[] | select(.store == $store).snapshot' "$(manifest)"; }`;
