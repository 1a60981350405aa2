#!/usr/bin/env bash
# The steps of action.yml, on Linux and macOS: `build` makes the map of this job's tests, `send` takes it to a server.
# Everything from outside comes by variables and is passed on as arguments, never as code.
set -euo pipefail

home="$RUNNER_TEMP/recall"
venv="$home/venv"

# A Python of 3.11 or newer: the job's own, the system's, or one that the runner holds in store.
python() {
  local each
  for each in python3 python3.14 python3.13 python3.12 python3.11 "${RUNNER_TOOL_CACHE:-/none}"/Python/3.1[1-9]*/*/bin/python3; do
    if command -v "$each" > /dev/null && "$each" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
      printf '%s\n' "$each"
      return
    fi
  done
  printf 'recall: no Python 3.11 or newer is here; run actions/setup-python before.\n' >&2
  return 1
}

# Into a place of its own, from the lock file with its hashes, so that nothing of the job's own environment changes.
install() {
  [ -x "$venv/bin/python" ] && return
  local found
  found="$(python)"
  "$found" -I -m venv "$venv"
  "$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    -r "$ACTION/requirements.lock"
}

# -I: neither the job's folder nor its PYTHON… variables have a say in what is imported.
recall() {
  "$venv/bin/python" -I -c 'import sys; sys.path.insert(0, sys.argv.pop(1)); from app.cli import main; main()' "$ACTION" "$@"
}

build() {
  local files=() options=(--repo "$REPO" --shard "$SHARD" --out "$home/map.recall") line suite
  while IFS= read -r line; do
    line="${line%$'\r'}"
    [ -n "$line" ] && files+=("$line")
  done <<< "$FILES"
  [ -n "$SUITE" ] && options+=(--suite "$SUITE")
  [ -n "$UNDER" ] && options+=(--under "$UNDER")
  [ -n "$COMMIT" ] && options+=(--commit "$COMMIT")
  install
  recall map build "${options[@]}" -- ${files[@]+"${files[@]}"}
  # A name that tells shards and jobs of one run apart, of letters that an artifact may be called by.
  suite="$(printf '%s' "${SUITE:-${GITHUB_JOB:-tests}}" | LC_ALL=C tr -c 'A-Za-z0-9._-' '-' | cut -c 1-60)"
  printf 'map=%s\nname=recall-map-%s-%s-%s\n' "$home/map.recall" "$suite" \
    "$(printf '%s' "$SHARD" | LC_ALL=C tr -c '0-9' '-' | cut -c 1-12)" "$(digest "$home/map.recall")" >> "$GITHUB_OUTPUT"
}

digest() {
  "$venv/bin/python" -I -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:12])' "$1"
}

send() {
  recall map upload --server "$SERVER" -- "$MAP"
}

case "$1" in
  build | send) ;;
  *) exit 2 ;;
esac
if [ "$STRICT" = true ]; then
  "$1"
# A shell of its own, since bash does not stop at errors inside of a condition.
elif ! STRICT=true bash "${BASH_SOURCE[0]}" "$1"; then
  printf '::warning title=recall::No test map was %s; see the log of this step.\n' "$([ "$1" = build ] && echo built || echo sent)"
fi
