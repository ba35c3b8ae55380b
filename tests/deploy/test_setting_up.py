"""Set-up says in one line what is wrong, and leaves alone what is done."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from deploy import ground, serve, setup, steps
from deploy.ground import Problem


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / ".env"
    monkeypatch.setattr(setup, "ENV_FILE", file)
    return file


def test_local_settings_are_secret_and_written_once(env_file: Path) -> None:
    assert setup.write_local_settings() == "made"
    first = env_file.read_text("utf-8")
    assert setup.write_local_settings() == "kept"

    assert env_file.read_text("utf-8") == first
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert len(ground.settings_file(env_file)["SECRET_KEY"]) >= 50


def test_two_machines_get_two_keys(env_file: Path) -> None:
    setup.write_local_settings()
    first = ground.settings_file(env_file)["SECRET_KEY"]
    env_file.unlink()
    setup.write_local_settings()

    assert ground.settings_file(env_file)["SECRET_KEY"] != first


def test_settings_file_skips_comments_and_quotes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# PORT=1\nPORT='9000'\nURL=a=b\n\nnonsense\n", "utf-8")

    assert ground.settings_file(file) == {"PORT": "9000", "URL": "a=b"}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    assert ground.setting("PORT", "8000", {"PORT": "9000"}) == "9000"


def test_a_port_in_use_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Problem, match=rf"^Port {port} cannot be used .* choose another"):
            serve.chosen_port()


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(Problem, match="is not a port number"):
        serve.chosen_port()


def test_a_folder_that_cannot_be_written_is_told_in_one_line() -> None:
    with pytest.raises(Problem, match=r"^Cannot write to /proc/desk .*owner") as told:
        setup.check_writable(Path("/proc/desk"))

    assert "\n" not in str(told.value)


def test_a_failed_command_shows_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "VAR", tmp_path)
    monkeypatch.setattr(steps, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(steps, "ROOT", tmp_path)

    with pytest.raises(Problem, match=r"^It broke \(the whole output is in setup\.log\)"):
        steps.run(["sh", "-c", "echo why; exit 3"], why="It broke")

    assert "why" in capsys.readouterr().err
    assert "why" in (tmp_path / "setup.log").read_text("utf-8")


def test_a_fingerprint_follows_content_and_name() -> None:
    licence, readme = ground.ROOT / "LICENSE", ground.ROOT / ".env.example"

    assert ground.fingerprint([licence]) == ground.fingerprint([licence])
    assert ground.fingerprint([licence]) != ground.fingerprint([readme])
    assert ground.fingerprint([licence]) != ground.fingerprint([licence], "dev")


def test_the_steps_are_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    steps.walk([steps.Step("One", lambda: "ok"), steps.Step("Two", lambda: "")])

    assert capsys.readouterr().out == "[1/2] One … ok\n[2/2] Two … 0 s\n"
