#!/bin/bash
# Elasticsearch in one process, which also puts the S3 secrets into the keystore (OneProcess.java). A recreated container gives
# itself its secrets, as many platforms' images do; Rekindle relies on nothing more.
set -euo pipefail
cd /usr/share/elasticsearch
tmp=${ES_TMPDIR:-$(mktemp -d)}
export LIBFFI_TMPDIR=$tmp
bridge=(lib/entitlement-bridge/*.jar)

# shellcheck disable=SC2086 -- ES_JAVA_OPTS holds several options, as with the official image.
exec java @one-process/java.options --patch-module=java.base="${bridge[0]}" -Djava.io.tmpdir="$tmp" ${ES_JAVA_OPTS:-} \
  -cp 'one-process/one-process.jar:lib/tools/server-cli/*' org.elasticsearch.server.cli.OneProcess "$@"
