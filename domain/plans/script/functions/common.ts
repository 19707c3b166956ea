/** What every step needs. */
export const commonFunctions = `die() {
  echo "$*" >&2
  exit 1
}

# A step begins: answers whether it is to be done. "bash <this file> 7" goes on with step 7.
step() {
  [ "$1" -ge "$from" ] || return 1
  echo
  echo "[$1] $2"
}

secret_of_file() { printf %s "$(cat "$1")"; }
secret_of_variable() {
  [ -n "\${!1:-}" ] || die "Set the environment's variable $1: the platform file refers to it"
  printf %s "\${!1}"
}
# A text in a file of curl's options, between quotes.
escaped() { sed 's/[\\\\"]/\\\\&/g'; }

# Arguments: seconds, what, command. Repeats the command until it succeeds.
wait_for() {
  local limit=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" > /dev/null 2>&1; do
    [ "$SECONDS" -lt "$limit" ] || die "Gave up waiting for $what"
    sleep 1
  done
  echo "$what: there"
}

for tool in docker curl jq age sha256sum; do
  command -v "$tool" > /dev/null || die "The program $tool is missing"
done`;
