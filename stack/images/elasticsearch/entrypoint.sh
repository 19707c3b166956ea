#!/bin/bash
# Puts the S3 secrets into the keystore, then becomes Elasticsearch. Many platforms' images do the same, and Rekindle relies
# on nothing more: a container that is made anew gives itself its secrets.
set -euo pipefail
cd /usr/share/elasticsearch
key=/run/secrets/s3_access_key
secret=/run/secrets/s3_secret_key

if [ -f "$key" ] && [ -f "$secret" ]; then
  # By standard input: an argument would show in the process list. One call for both, since each starts a Java machine.
  printf '%s\n%s\n' "$(<"$key")" "$(<"$secret")" |
    bin/elasticsearch-keystore add --stdin --force s3.client.default.access_key s3.client.default.secret_key
fi

exec bin/elasticsearch "$@"
