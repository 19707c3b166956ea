/** Smoke checks; each answers whether it holds. */
export const smokeFunctions = `plain_header() { printf 'header = "%s"\\n' "$(printf %s "$1" | escaped)"; }
secret_header() { printf 'header = "%s: %s"\\n' "$1" "$($2 | escaped)"; }

# Arguments: service, port, path, status, expectations as JSON: [pointer, null or {"v": value}, at least, at most].
smoke_http() {
  local status
  status=$(curl --silent --max-time 10 --output smoke.out --write-out '%{http_code}' --config <(smoke_headers) "http://$(address_of "$1"):$2$3")
  [ "$status" = "$4" ] || return 1
  [ "$5" != '[]' ] || return 0
  jq -e --argjson expected "$5" '
    def value(p): . as $whole | (p / "/")[1:] | map(gsub("~1"; "/") | gsub("~0"; "~"))
      | reduce .[] as $key ($whole; if type == "array" then .[$key | tonumber] else .[$key] end);
    . as $answer | all($expected[]; . as [$pointer, $equals, $least, $most] | ($answer | value($pointer)) as $found
      | if $equals != null then $found == $equals.v
        elif $least == null and $most == null then $found != null
        else ($found | type) == "number" and $found >= ($least // $found) and $found <= ($most // $found) end)' smoke.out
}
smoke_tcp() { timeout 5 bash -c 'exec 3<> "/dev/tcp/$0/$1"' "$(address_of "$1")" "$2"; }
# Arguments: service, exit code, what the output must hold, command.
smoke_command() {
  local container code=0 expected=$2 holds=$3
  container=$(container_of "$1")
  shift 3
  docker exec "$container" "$@" > smoke.out || code=$?
  [ "$code" = "$expected" ] && { [ -z "$holds" ] || grep -qF -- "$holds" smoke.out; }
}
smoke_query() {
  local count
  count=$(es "/$1/_count" -X POST -d "$2" | jq .count)
  [ "$count" -ge "$3" ] && [ "$count" -le "$4" ]
}`;
