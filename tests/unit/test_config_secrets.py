"""Passwords: where they come from, and that they show up nowhere else."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType

import pytest

from moclone_tui.config import Config, Profile, _passwords, load, resolve
from moclone_tui.errors import ConfigError

SECRET = "hunter2-s3cret"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(folder: Path, text: str, *, name: str = "config.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def complaint(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


class TestPasswords:
    def test_nothing_is_asked_for(self) -> None:
        assert Profile("dev").find_password({}) is None

    def test_command_prints_it_on_the_first_line(self) -> None:
        code = f"print('{SECRET}'); print('more')"
        profile = Profile("dev", password_command=python(code))
        assert profile.find_password() == SECRET

    def test_command_has_no_input_and_no_shell(self) -> None:
        code = "import sys; print(repr(sys.stdin.read()) + sys.argv[1])"
        profile = Profile("dev", password_command=(*python(code), "$HOME; x"))
        assert profile.find_password() == "''$HOME; x"

    def test_command_that_fails(self) -> None:
        code = (
            f"import sys; print('{SECRET}'); print('locked\\nx', file=sys.stderr);"
            "sys.exit(3)"
        )
        error = self.failure(python(code))
        assert str(error) == (
            f"profile 'dev': password_command {sys.executable!r} failed with exit"
            " code 3: locked"
        )
        assert "by hand" in error.remedy

    def test_command_that_is_not_there(self) -> None:
        error = self.failure(("no-such-program", SECRET))
        assert str(error) == (
            "profile 'dev': password_command 'no-such-program' cannot be run:"
            " No such file or directory"
        )

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("print()", "printed no password"),
            (
                f"import os; os.write(1, b'{SECRET}\\xff')",
                "printed text that is not UTF-8",
            ),
            (
                f"import os; print('{SECRET}', flush=True); os.kill(os.getpid(), 9)",
                "was ended by signal 9",
            ),
        ],
    )
    def test_command_with_no_password(self, code: str, words: str) -> None:
        assert str(self.failure(python(code))).endswith(words)

    def test_command_that_hangs_is_killed_with_its_children(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_passwords, "COMMAND_TIMEOUT_S", 0.5)
        pid_file = tmp_path / "pid"
        script = f"echo {SECRET}; sleep 60 & echo $! > {pid_file}; wait"
        begun = time.monotonic()
        error = self.failure(("sh", "-c", script))
        assert time.monotonic() - begun < 10
        assert str(error).endswith("'sh' gave no answer in 0.5 seconds")
        child = int(pid_file.read_text())
        deadline = time.monotonic() + 10
        while _runs(child) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _runs(child)

    def test_environment_variable(self) -> None:
        profile = Profile("dev", password_env="DEV_PW")
        assert profile.find_password({"DEV_PW": SECRET}) == SECRET
        assert profile.find_password({}) is None

    def test_environment_of_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DEV_PW", SECRET)
        assert Profile("dev", password_env="DEV_PW").find_password() == SECRET

    def test_order(self) -> None:
        profile = Profile(
            "dev",
            password_command=python("print('command')"),
            password_env="DEV_PW",
            password="file",
        )
        assert profile.find_password({"DEV_PW": "env"}) == "command"
        no_command = dataclasses.replace(profile, password_command=())
        assert no_command.find_password({"DEV_PW": "env"}) == "env"
        assert no_command.find_password({}) == "file"
        assert profile.with_password("typed").find_password() == "typed"

    def test_keyring_that_is_not_installed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(ConfigError, match="keyring, which is not") as caught:
            Profile("dev", keyring=True).find_password()
        assert "moclone-tui[keyring]" in caught.value.remedy

    def test_keyring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
        broken = type("KeyringError", (Exception,), {})
        stored = {("moclone", "dev"): SECRET}

        def get_password(service: str, user: str) -> str | None:
            if user == "locked":
                raise broken(SECRET)
            return stored.get((service, user))

        vars(keyring)["get_password"] = get_password
        vars(errors)["KeyringError"] = broken
        monkeypatch.setitem(sys.modules, "keyring", keyring)
        monkeypatch.setitem(sys.modules, "keyring.errors", errors)
        assert Profile("dev", keyring=True).find_password() == SECRET
        assert Profile("other", keyring=True).find_password() is None
        with pytest.raises(ConfigError, match="keyring cannot be used") as caught:
            Profile("locked", keyring=True).find_password()
        assert caught.value.remedy
        _assert_hidden(caught.value)

    def failure(self, argv: tuple[str, ...]) -> ConfigError:
        with pytest.raises(ConfigError) as caught:
            Profile("dev", password_command=argv).find_password()
        _assert_hidden(caught.value)
        return caught.value


class TestWarnings:
    TEXT = f"[profiles.dev]\nuser = 'al'\npassword = '{SECRET}'\n"

    def test_a_password_in_the_file_works_and_warns(self, tmp_path: Path) -> None:
        path = write(tmp_path, self.TEXT)
        config = load(path)
        assert config.profile("dev").find_password() == SECRET
        (warning,) = config.warnings
        assert warning.startswith(
            f"{path}:3: profiles.dev has its password in the file"
        )
        assert "password_command" in warning

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
    def test_a_file_others_can_read(self, tmp_path: Path, mode: int) -> None:
        path = write(tmp_path, self.TEXT + "[profiles.b]\npassword = 'x'")
        path.chmod(mode)
        open_file = f"{path}: holds a password and others can read it: chmod 600 {path}"
        assert load(path).warnings.count(open_file) == 1

    def test_a_file_without_a_password_may_be_read(self, tmp_path: Path) -> None:
        path = write(tmp_path, "[profiles.dev]\npassword_env = 'X'")
        path.chmod(0o644)
        assert load(path).warnings == ()


class TestMyCnf:
    TEXT = f"""\
!includedir /etc/mysql/conf.d
[mysqld]
port = 3306
[client]
host = cnf
port = "6009"
user = 'acme#al'
password = "{SECRET}%#=x"
  compress
"""

    def test_is_not_read_unless_asked(self, home: Path) -> None:
        write(home, self.TEXT, name=".my.cnf")
        path = write(home, "[profiles.a]\n[profiles.b]\nmy_cnf = false")
        config = load(path)
        assert config.profile("a") == Profile("a")
        assert config.profile("b") == Profile("b")

    def test_fills_what_the_profile_leaves_out(self, home: Path) -> None:
        write(home, self.TEXT, name=".my.cnf")
        path = write(home, "[profiles.dev]\nmy_cnf = true\nhost = 'mine'")
        config = load(path)
        assert config.profile("dev") == Profile(
            "dev",
            host="mine",
            port=6009,
            user="al",
            account="acme",
            password=f"{SECRET}%#=x",
            my_cnf=home / ".my.cnf",
        )
        assert config.warnings == ()

    def test_another_file_that_others_can_read(self, tmp_path: Path) -> None:
        options = write(tmp_path, self.TEXT, name="other.cnf")
        options.chmod(0o644)
        config = load(write(tmp_path, "[profiles.dev]\nmy_cnf = 'other.cnf'"))
        assert config.profile("dev").host == "cnf"
        assert config.warnings == (
            f"{options}: holds a password and others can read it: chmod 600 {options}",
        )

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (None, "cannot be read: No such file or directory"),
            (f"password = {SECRET}\n[client]\n", "is not a MySQL option file"),
            (f"[client]\nport = {SECRET}", "must be a whole number from 1 to 65535"),
        ],
    )
    def test_a_wrong_file(self, home: Path, text: str | None, words: str) -> None:
        if text is not None:
            write(home, text, name=".my.cnf")
        path = write(home, "[profiles.dev]\nmy_cnf = true")
        error = complaint(path)
        assert str(error).startswith(f"{path}:2: profiles.dev.my_cnf: ")
        assert str(error).endswith(words)
        _assert_hidden(error)

    def test_a_file_without_the_group_adds_nothing(self, home: Path) -> None:
        write(home, "[mysql]\nuser = x\n", name=".my.cnf")
        path = write(home, "[profiles.dev]\nmy_cnf = true")
        assert load(path).profile("dev").user == "root"


class TestSecrets:
    def test_are_in_no_repr_and_no_output(self) -> None:
        profile = Profile("dev", password=SECRET, password_command=("echo", SECRET))
        config = Config({"dev": profile})
        shown = [repr(profile), str(profile), repr(config), f"{config}"]
        shown.append(json.dumps(profile.shown(), default=str))
        assert SECRET not in "".join(shown)

    def test_shown_has_everything_else(self) -> None:
        names = {each.name for each in dataclasses.fields(Profile)}
        assert names - set(Profile("dev").shown()) == {"password", "password_command"}

    @pytest.mark.parametrize(
        "wrong",
        [
            "prot = 1",
            "port = 'x'",
            "user = '#'",
            "host = ",
            "[settings]\ndefault_profile = 'x'",
        ],
    )
    def test_are_in_no_error_of_the_file(self, tmp_path: Path, wrong: str) -> None:
        text = f"[profiles.dev]\npassword = '{SECRET}'\n{wrong}\n"
        _assert_hidden(complaint(write(tmp_path, text)))

    def test_are_in_no_error_about_themselves(self, tmp_path: Path) -> None:
        for value in (f"['{SECRET}']", f"{{ a = '{SECRET}' }}", f"'{SECRET}"):
            text = f"[profiles.dev]\npassword = {value}\n"
            _assert_hidden(complaint(write(tmp_path, text)))

    def test_are_in_no_error_of_the_environment(self) -> None:
        environ = {"MOCLONE_PASSWORD": SECRET, "MOCLONE_PORT": "x"}
        with pytest.raises(ConfigError) as caught:
            resolve(Config(), environ)
        assert SECRET not in "".join(traceback.format_exception(caught.value))


def _assert_hidden(error: BaseException) -> None:
    """Check that no secret is in an error, its causes, or its frames' variables."""
    walked: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        trace = traceback.TracebackException.from_exception(seen, capture_locals=True)
        for frame in trace.stack:
            if "/moclone_tui/" in frame.filename:
                walked += [frame.line or "", *(frame.locals or {}).values()]
        walked += [repr(seen), str(seen), *map(str, seen.args)]
        seen = seen.__cause__ or seen.__context__
    assert any(walked)
    assert SECRET not in "\n".join(walked)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and ") Z " in stat.read_text())
