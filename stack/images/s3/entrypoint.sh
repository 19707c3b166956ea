#!/bin/sh
# One command line for both recipes; the official image has had its program in two places.
set -eu
for program in /usr/local/bin/versitygw /app/versitygw; do
  [ -x "$program" ] && exec "$program" posix "$@" /data
done
echo "versitygw is not where this image's recipe expects it" >&2
exit 1
