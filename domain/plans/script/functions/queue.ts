/** The queue in ZooKeeper, and what containers rebuild. */
export const queueFunctions = `# Lines of zkCli.sh on standard input, carried out in the service's container.
zookeeper() {
  local lines
  lines=$(cat)
  {
    [ -z "$zookeeper_digest" ] || printf 'addauth digest %s\\n' "$($zookeeper_digest)"
    printf '%s\\n' "$lines"
  } | docker exec -i "$(container_of "$1")" "\${zookeeper_client[@]}" -waitforconnection -server localhost:2181 2>&1
}
await_zookeeper() { wait_for "$2" ZooKeeper zookeeper_answers "$1"; }
# Read to its end first: a grep that has found what it looks for would break the pipe, which counts as a fault.
zookeeper_answers() { grep -q '\\[\\(.*, \\)\\?zookeeper\\(, .*\\)\\?\\]' <<< "$(echo 'ls /' | zookeeper "$1")"; }

# Arguments: service, the folder of the entries, index, the query, the program of jq that makes entries of documents.
rebuild_queue() {
  local page wanted made
  page=$(es "/$(encode "$3")/_search?scroll=5m" -X POST -d "$4")
  # In the order of creation, so that ZooKeeper numbers the entries in that order.
  while [ "$(jq '.hits.hits | length' <<< "$page")" -gt 0 ]; do
    jq -c '.hits.hits[]' <<< "$page" | jq -r "$5"
    page=$(jq -c '{scroll: "5m", scroll_id: ._scroll_id}' <<< "$page" | es /_search/scroll -X POST -d @-)
  done > entries.txt
  {
    printf '%s\\n' "\${queue_parents[@]}"
    cat entries.txt
  } | zookeeper "$1" > queue.txt
  wanted=$(wc -l < entries.txt)
  made=$(grep -cF "Created $2/" queue.txt || true)
  echo "$made entries created, for $wanted jobs"
  [ "$made" = "$wanted" ] || die "See queue.txt in $work"
}
verify_queue() {
  local wanted found
  wanted=$(wc -l < entries.txt)
  found=$(echo "stat $2" | zookeeper "$1" | sed -n 's/^numChildren = //p')
  [ "$found" = "$wanted" ] || die "The queue has $found entries, for $wanted jobs"
}

# Arguments: service, image, entrypoint as JSON, arguments. Runs it on the service's network.
run_beside() {
  local network service=$1 image=$2 entrypoint
  mapfile -t entrypoint < <(jq -r '.[]' <<< "$3")
  shift 3
  network=$(docker inspect "$(container_of "$service")" | jq -r '.[0].NetworkSettings.Networks | keys[0]')
  if [ "\${#entrypoint[@]}" -gt 0 ]; then
    docker run --rm --network "$network" --env-file <(side_variables) --entrypoint "\${entrypoint[0]}" "$image" "\${entrypoint[@]:1}" "$@"
  else
    docker run --rm --network "$network" --env-file <(side_variables) "$image" "$@"
  fi
}`;
