/** Elasticsearch: its repository, the restore, the counts. */
export const elasticsearchFunctions = `es_options() {
  local secret
  case $es_login in
    basic) printf 'user = "%s:%s"\\n' "$(printf %s "$es_user" | escaped)" "$($es_secret | escaped)" ;;
    ApiKey | Bearer)
      secret=$($es_secret)
      if [[ $es_login == ApiKey && $secret == *:* ]]; then secret=$(printf %s "$secret" | base64 -w0); fi
      printf 'header = "Authorization: %s %s"\\n' "$es_login" "$(printf %s "$secret" | escaped)"
      ;;
  esac
}
# Arguments: path, then those of curl.
es() {
  local path=$1
  shift
  curl --globoff --fail-with-body --silent --show-error "\${es_tls[@]}" -H 'Content-Type: application/json' --config <(es_options) "$@" "$es_address$path"
}

await_elasticsearch() { wait_for "$1" Elasticsearch es "/_cluster/health?wait_for_status=yellow&wait_for_nodes=ge($2)&timeout=5s"; }

add_keystore_entry() {
  local service name
  for service in "\${es_services[@]}"; do
    for name in $(containers_of "$service"); do
      "$2" | docker exec -i "$name" bin/elasticsearch-keystore add --stdin --force "$1"
    done
  done
}

forget_repository() { es "/_snapshot/$repository" -X DELETE || true; }
# The repository stays read-only until everything is checked. No other cluster may write to it.
configure_repository() {
  add_keystore_entries "$1"
  es /_nodes/reload_secure_settings -X POST > /dev/null
  if [ "$2" = readonly ]; then
    jq -n --argjson body "$repository_body" '$body | .settings.readonly = "true"' | es "/_snapshot/$repository" -X PUT -d @-
  else
    es "/_snapshot/$repository" -X PUT -d "$repository_body"
  fi
  es "/_snapshot/$repository/_verify" -X POST | jq -c .
}
verify_snapshot() { es "/_snapshot/$repository/$(encode "$(snapshot_of "$1")")" | jq -e '.snapshots[0] | .state, .state == "SUCCESS"'; }
throttle() { es /_cluster/settings -X PUT -d "{\\"transient\\": {\\"indices.recovery.max_bytes_per_sec\\": $1}}"; }

restore_indices() {
  [ "$(snapshot_of "$1")" = "$2" ] || die "The manifest names another snapshot than the plan, $2"
  jq --argjson state "$3" --argjson features "$4" \\
    '{indices: ([.indices[].name] | join(",")), include_global_state: $state, feature_states: $features}' "$(expected_of "$1")" |
    es "/_snapshot/$repository/$(encode "$2")/_restore?wait_for_completion=true" -X POST -d @- |
    jq -e '.snapshot.shards | ., .failed == 0'
}

# Each count must lie between atLeast and atMost of the expected set. Indices that were closed are closed again.
verify_indices() {
  local index least most count verdict
  jq -r '.indices[] | "\\(.name) \\(.documents.atLeast // 0) \\(.documents.atMost // 1e15 | floor)"' "$(expected_of "$1")" |
    while read -r index least most; do
      count=$(es "/$(encode "$index")/_count" | jq .count)
      if [ "$count" -ge "$least" ] && [ "$count" -le "$most" ]; then verdict=ok; else verdict=WRONG; fi
      echo "$verdict $index: $count documents, expected $least to $most"
    done | tee counts.txt
  if grep -q '^WRONG' counts.txt; then die 'Documents are missing, or there are too many'; fi
  jq -r '.indices[] | select(.state == "closed").name' "$(expected_of "$1")" | while read -r index; do
    es "/$(encode "$index")/_close" -X POST
  done
}

update_documents() { es "/$(encode "$1")/_update_by_query?conflicts=abort&refresh=true" -X POST -d "$2" | jq -e '.updated, .failures == []'; }`;
