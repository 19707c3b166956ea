#!/bin/bash
# What operators do today, as a wiki has it: curl and docker, one command after the other. Called by bench/runbook.ts.
# Waits poll once a second, as such scripts do; they end as soon as the service answers, and nothing is waited for longer.
set -euo pipefail

: "${PROJECT:?}" "${SNAPSHOT:?}" "${BUCKET:?}" "${S3_ENDPOINT:?}" "${PYTHON:?}" "${JOB_RESTORE:?}" "${COMPOSE:?}" \
  "${STEPS:?}" "${SETTLE_SECONDS:?}"

step() { printf '%s %s\n' "$(date +%s.%N)" "$*" >>"$STEPS"; }
fail() { echo "runbook: $*" >&2; exit 1; }
containers() { docker ps -aq --filter "label=com.docker.compose.project=$PROJECT" --filter "label=com.docker.compose.service=$1"; }
address() { docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(containers "$1" | head -n 1)"; }
wait_until() { # <seconds> <command …>
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || fail "waited in vain for: $*"
    sleep 1
  done
}
usable() { curl -fs "http://$(address elasticsearch):9200/_cluster/health" | grep -qE '"status":"(yellow|green)"'; }
zookeeper_runs() { [ "$(docker inspect -f '{{.State.Running}}' "$(containers zookeeper)")" = true ]; }
# Without a health check: it still runs, and was not started again, after the same seconds that Rekindle waits.
stays_up() {
  sleep "$SETTLE_SECONDS"
  ! docker inspect -f '{{.State.Running}} {{.RestartCount}}' $(containers "$1") | grep -qvx 'true 0'
}

# 1. Stop the core services in reverse order, then the data services.
for service in job-distributor job-executor api; do
  step "stop $service"
  docker stop $(containers "$service")
done
step 'stop elasticsearch'
docker stop $(containers elasticsearch)
step 'stop zookeeper'
docker stop $(containers zookeeper)

# 2. Remove the containers and the volumes of the data services.
step 'remove data containers'
docker rm $(containers elasticsearch) $(containers zookeeper)
step 'remove data volumes'
docker volume rm "${PROJECT}_esdata" "${PROJECT}_zkdata" "${PROJECT}_zkdatalog"

# 3. Create them anew and wait.
step 'create data services (Compose)'
$COMPOSE --project-name "$PROJECT" up -d elasticsearch zookeeper
step 'wait for elasticsearch, zookeeper'
wait_until 180 usable
wait_until 60 zookeeper_runs

# 4. Register the repository and look at the snapshot.
es="http://$(address elasticsearch):9200"
step 'register repository'
curl -fsS -X PUT "$es/_snapshot/s3_backup" -H 'Content-Type: application/json' -d "{\"type\":\"s3\",\"settings\":{
  \"bucket\":\"$BUCKET\",\"endpoint\":\"$S3_ENDPOINT\",\"path_style_access\":\"true\"}}"
step 'check snapshot'
curl -fsS "$es/_snapshot/s3_backup/$SNAPSHOT" | grep -q '"state":"SUCCESS"' || fail "snapshot $SNAPSHOT is not SUCCESS"

# 5. Restore.
step 'restore indices'
curl -fsS -X POST "$es/_snapshot/s3_backup/$SNAPSHOT/_restore?wait_for_completion=true" -H 'Content-Type: application/json' \
  -d '{"indices":"nuvla-*","include_global_state":true}' | grep -q '"failed":0' || fail 'shards failed'
step 'check counts'
curl -fsS "$es/_cat/indices/nuvla-*?h=index,health,docs.count&s=index"

# 6. Rebuild the job queue.
step 'rebuild queue'
"$PYTHON" "$JOB_RESTORE" --zk-hosts "$(address zookeeper):2181" --es-hosts "$es"

# 7. Start the core services in order, each when the one before is up.
step 'start api'
docker start $(containers api)
wait_until 120 curl -fs "http://$(address api):8080/healthz"
for service in job-executor job-distributor; do
  step "start $service"
  docker start $(containers "$service")
  wait_until 60 stays_up "$service"
done

# 8. Does it serve?
step 'smoke check'
curl -fsS "http://$(address api):8080/healthz"
step 'end'
