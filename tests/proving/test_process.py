"""Commands run bounded in time and output, without secrets, and leave no process behind."""

import os
import sys
import time
from pathlib import Path

import pytest

from app.domain.suite import Command
from app.proving.process import MAX_OUTPUT, clean_environment, run_command

PATH = {"PATH": os.environ["PATH"]}


def python(text: str, **given: str) -> Command:
    return Command((sys.executable, "-c", text), sets=tuple(given.items()))


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A killed child that nobody has waited for yet is still listed.
    status = Path(f"/proc/{process}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def gone(process: int) -> bool:
    for _ in range(200):
        if not is_alive(process):
            return True
        time.sleep(0.01)
    return False


def test_both_streams_and_the_exit_code_are_told(tmp_path: Path) -> None:
    done = run_command(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), tmp_path, PATH)
    assert (done.returncode, done.output.strip(), done.errors.strip(), done.timed_out) == (3, "out", "err", False)


def test_it_runs_in_its_folder_with_its_variables_and_no_input(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    text = "import os, sys; print(os.path.basename(os.getcwd()), os.environ['A'], len(sys.stdin.read()))"
    command = Command((sys.executable, "-c", text), folder="deep", sets=(("A", "1"),))
    assert run_command(command, tmp_path, PATH).output.split() == ["deep", "1", "0"]


@pytest.mark.parametrize("name", ["no-such-program", "./missing", "./not-executable"])
def test_a_missing_program_is_no_error_of_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "not-executable").write_text("x")
    done = run_command(Command((name,)), tmp_path, PATH)
    assert done.returncode is None
    assert name in done.errors


def test_an_argument_is_never_read_by_a_shell(tmp_path: Path) -> None:
    hostile = "$(touch pwned); `touch pwned`; touch pwned"
    text = "import sys; print(sys.argv[1])"
    assert run_command(Command((sys.executable, "-c", text, hostile)), tmp_path, PATH).output.strip() == hostile
    assert not (tmp_path / "pwned").exists()


def test_a_slow_one_is_ended_with_everything_it_started(tmp_path: Path) -> None:
    text = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
    begun = time.monotonic()
    done = run_command(python(text), tmp_path, PATH, seconds=1)
    assert done.timed_out
    assert time.monotonic() - begun < 8
    assert gone(int(done.output))


def test_what_a_quick_one_left_running_is_ended(tmp_path: Path) -> None:
    text = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    assert gone(int(run_command(python(text), tmp_path, PATH).output))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells of each process's variables")
def test_a_daemon_that_left_the_group_is_ended_too(tmp_path: Path) -> None:
    how = "start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
    text = f"import subprocess; print(subprocess.Popen(['sleep', '60'], {how}).pid)"
    assert gone(int(run_command(python(text), tmp_path, PATH).output))


def test_long_output_keeps_its_beginning_and_its_end(tmp_path: Path) -> None:
    text = "import sys; sys.stdout.write('first' + 'x' * 20_000_000 + 'last')"
    output = run_command(python(text), tmp_path, PATH).output
    assert output.startswith("first") and output.endswith("last")
    assert len(output) <= MAX_OUTPUT + 20


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_RUNTIME_TOKEN",
        "NPM_TOKEN",
        "npm_config__authToken",
        "AWS_SECRET_ACCESS_KEY",
        "OPENAI_API_KEY",
        "GITHUB_ENV",
        "GITHUB_STEP_SUMMARY",
        "INPUT_TOKEN",
        "RECALL_PRIVATE_KEY",
        "SSH_AUTH_SOCK",
        "GIT_DIR",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ],
)
def test_a_secret_is_not_handed_on(name: str) -> None:
    assert name not in clean_environment({name: "x"})


@pytest.mark.parametrize(
    "name", ["PATH", "HOME", "CI", "GITHUB_ACTIONS", "GOPATH", "LANG", "KEYBOARD", "DATABASE_URL", "JAVA_HOME"]
)
def test_what_tests_need_is_handed_on(name: str) -> None:
    assert clean_environment({name: "x"}) == {name: "x"}
