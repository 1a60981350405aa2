#!/usr/bin/env bash
# The steps of action.yml, on Linux and macOS: `act` is recall itself, with the job's token; `build` makes the map of this job's
# tests, `send` takes it to a server, `prove` and `challenge` run tests and leave what came of it. Everything from outside comes by
# variables and files and is passed on as arguments, never as code; what to do is read by recall itself from the file of the event.
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

# A line of output that begins with `::` is a command to the runner, and a test or a path may print one: between these two lines
# none counts, and only who knows the word can end it.
muted() {
  local word code=0
  word="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '::stop-commands::%s\n' "$word"
  "$@" || code=$?
  printf '\n::%s::\n' "$word"
  return "$code"
}

# Without what would let a test speak for this job: the files that set variables of later steps, and the right to ask for tokens.
alone() (
  unset GITHUB_ENV GITHUB_PATH GITHUB_OUTPUT GITHUB_STATE GITHUB_TOKEN GH_TOKEN
  unset ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_RUNTIME_TOKEN ACTIONS_RUNTIME_URL
  recall "$@"
)

# recall, review or digest, by $MODE. Nothing of the repository is run: its code is fetched by recall, and only read.
act() {
  local options=(--as "$LOGIN")
  install
  [ -n "$LABEL" ] && options+=(--label "$LABEL")
  muted recall ci "$MODE" "${options[@]}"
}

build() {
  local files=() options=(--repo "$REPO" --shard "$SHARD" --out "$home/map.recall") line
  while IFS= read -r line; do
    line="${line%$'\r'}"
    [ -n "$line" ] && files+=("$line")
  done <<< "$FILES"
  [ -n "$SUITE" ] && options+=(--suite "$SUITE")
  [ -n "$UNDER" ] && options+=(--under "$UNDER")
  [ -n "$COMMIT" ] && options+=(--commit "$COMMIT")
  install
  muted recall map build "${options[@]}" -- ${files[@]+"${files[@]}"}
  printf 'map=%s\nname=recall-map-%s-%s-%s\n' "$home/map.recall" "$(called "${SUITE:-${GITHUB_JOB:-tests}}")" \
    "$(printf '%s' "$SHARD" | LC_ALL=C tr -c '0-9' '-' | cut -c 1-12)" "$(digest "$home/map.recall")" >> "$GITHUB_OUTPUT"
}

# A name that tells shards and jobs of one run apart, of letters that an artifact may be called by.
called() {
  printf '%s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._-' '-' | cut -c 1-60
}

digest() {
  "$venv/bin/python" -I -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:12])' "$1"
}

send() {
  recall map upload --server "$SERVER" -- "$MAP"
}

# The past escapes: those that the server knows, else those on the checkout's branch recall-data.
escapes() {
  recall ci escapes --server "$SERVER" --repo "$REPO" --out "$home/escapes.json"
}

# Leaves the receipts whatever they say; then ends as `recall` did, which is 0 for proved, 1 for not proved, 2 for could not run.
prove() {
  local options=(--repo "$REPO" --out "$home/receipts") code=0
  rm -rf "$home/receipts"
  install
  [ -n "$COMMAND" ] && options+=(--command "$COMMAND")
  if [ "${GITHUB_EVENT_NAME:-}" != pull_request ]; then
    escapes
    options+=(--escapes "$home/escapes.json")
  fi
  muted alone ci prove "${options[@]}" || code=$?
  if [ -f "$home/receipts/receipt-1.json" ]; then
    printf 'folder=%s\nname=recall-receipt-%s-%s\n' "$home/receipts" "$(called "${GITHUB_JOB:-prove}")" \
      "$(digest "$home/receipts/receipt-1.json")" >> "$GITHUB_OUTPUT"
  elif [ "$code" = 0 ]; then
    printf '::notice title=recall::Nothing to prove here; see the log of this step.\n'
  fi
  return "$code"
}

# The same for what became of the past bugs: 0 if all are caught, 1 if one would get through, 2 if nothing could be tried.
challenge() {
  local options=(--repo "$REPO" --out "$home/challenge/challenge.json" --markdown) code=0 line files=()
  rm -rf "$home/challenge"
  mkdir -p "$home/challenge"
  install
  while IFS= read -r line; do
    line="${line%$'\r'}"
    [ -n "$line" ] && files+=("$line")
  done <<< "$FILES"
  if [ -n "$SERVER" ] || [ "${#files[@]}" = 0 ]; then
    escapes
    files+=("$home/escapes.json")
  fi
  [ "$ALL" = true ] && options+=(--all)
  [ -n "$COMMAND" ] && options+=(--command "$COMMAND")
  muted summed alone challenge "${options[@]}" -- ${files[@]+"${files[@]}"} || code=$?
  if [ -f "$home/challenge/challenge.json" ]; then
    printf 'folder=%s\nname=recall-challenge-%s-%s\n' "$home/challenge" "$(called "${GITHUB_JOB:-challenge}")" \
      "$(digest "$home/challenge/challenge.json")" >> "$GITHUB_OUTPUT"
  fi
  return "$code"
}

# What it prints goes into the log and into the summary of the run, of which GitHub shows none beyond 1 MiB.
summed() {
  local code=0
  "$@" > "$home/summary.md" || code=$?
  cat "$home/summary.md"
  head -c 900000 "$home/summary.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
  return "$code"
}

case "$1" in
  act) undone='recall could not do all of its work' ;;
  build) undone='No test map was built' ;;
  send) undone='No test map was sent' ;;
  prove) undone='Not proved' ;;
  challenge) undone='Not every past bug would be caught' ;;
  *) exit 2 ;;
esac
if [ "$STRICT" = true ]; then
  "$1"
# A shell of its own, since bash does not stop at errors inside of a condition.
elif ! STRICT=true bash "${BASH_SOURCE[0]}" "$1"; then
  printf '::warning title=recall::%s; see the log of this step.\n' "$undone"
fi
