"""The configuration file: what a user reads when it is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from moclone_tui.config import Config, Profile, Settings, Tls, load
from moclone_tui.config._file import line_of
from moclone_tui.errors import ConfigError


def write(folder: Path, text: str, *, name: str = "config.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def complaint(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value


class TestFile:
    def test_no_file_is_an_empty_configuration(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            platformdirs, "user_config_path", lambda *a, **k: tmp_path / "none"
        )
        config = load()
        assert config == Config(path=tmp_path / "none" / "config.toml")
        assert dict(config.profiles) == {}
        assert config.settings == Settings()
        assert config.default_profile is None

    def test_the_file_in_its_usual_place(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(platformdirs, "user_config_path", lambda *a, **k: tmp_path)
        path = write(tmp_path, '[profiles.dev]\nhost = "db"')
        config = load()
        assert config.path == path
        assert config.profile("dev").host == "db"

    def test_a_named_file_has_to_be_there(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        error = complaint(path)
        assert str(error) == f"{path}: there is no such file"
        assert "--config" in error.remedy

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        assert str(complaint(tmp_path)).startswith(f"{tmp_path}: cannot be read: ")

    def test_everything_at_once(self, tmp_path: Path) -> None:
        path = write(
            tmp_path,
            """
            [settings]
            log_lines = 500
            animation = "none"
            [profiles."prod eu"]
            host = "mo.example.com"
            port = 6002
            user = "acme#root#admin"
            database = "shop"
            password_command = ["pass", "show", "mo"]
            connect_timeout = 3
            read_timeout = 60.5
            environment = "prod"
            read_only = true
            confirm = "always"
            tls = { ca = "ca.pem", cert = "/etc/c.pem", verify = "ca" }
            """,
        )
        config = load(path)
        assert config.settings == Settings(log_lines=500, animation="none")
        assert config.profiles["prod eu"] == Profile(
            name="prod eu",
            host="mo.example.com",
            port=6002,
            account="acme",
            user="root",
            role="admin",
            database="shop",
            password_command=("pass", "show", "mo"),
            connect_timeout=3.0,
            read_timeout=60.5,
            environment="prod",
            read_only=True,
            confirm="always",
            tls=Tls(ca=tmp_path / "ca.pem", cert=Path("/etc/c.pem"), verify="ca"),
        )
        assert config.warnings == ()

    def test_windows_line_ends_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_bytes(b"\xef\xbb\xbf[profiles.dev]\r\nhost = 'db'\r\nprot = 1\r\n")
        assert str(complaint(path)).startswith(f"{path}:3: unknown key 'prot'")

    @pytest.mark.parametrize(
        ("tls", "expected"), [("true", Tls()), ("false", None), ("{}", Tls())]
    )
    def test_tls_in_one_word(
        self, tmp_path: Path, tls: str, expected: Tls | None
    ) -> None:
        path = write(tmp_path, f"[profiles.dev]\ntls = {tls}")
        assert load(path).profile("dev").tls == expected


class TestComplaints:
    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("profile = 1", 1, "unknown key 'profile'; did you mean 'profiles'?"),
            (
                "[settings]\n\n# log\nlog_line = 5",
                4,
                "unknown key 'log_line' in [settings]; did you mean 'log_lines'?",
            ),
            (
                '[profiles.dev]\nhost = "x"\nprot = 6001',
                3,
                "unknown key 'prot' in [profiles.dev]; did you mean 'port'?",
            ),
            (
                "[profiles.dev]\nHost = 'x'",
                2,
                "unknown key 'Host' in [profiles.dev]; did you mean 'host'?",
            ),
            (
                "[profiles.dev]\n[profiles.dev.tls]\ncacert = 'x'",
                3,
                "unknown key 'cacert' in [profiles.dev.tls]; did you mean 'cert'?",
            ),
            (
                "[profiles.dev]\ntls = { verfy = 'x' }",
                2,
                "unknown key 'verfy' in [profiles.dev.tls]; did you mean 'verify'?",
            ),
            (
                "[profiles.dev]\nport = 70_000",
                2,
                "profiles.dev.port must be a whole number from 1 to 65535, not 70000",
            ),
            (
                "[profiles.dev]\nport = '6001'",
                2,
                (
                    "profiles.dev.port must be a whole number from 1 to 65535,"
                    " not a string"
                ),
            ),
            (
                "[profiles.dev]\nread_only = 'yes'",
                2,
                "profiles.dev.read_only must be true or false, not a string",
            ),
            (
                "[profiles.dev]\nenvironment = 'prd'",
                2,
                (
                    'profiles.dev.environment must be "prod" or "staging" or "dev",'
                    " not 'prd'; did you mean 'prod'?"
                ),
            ),
            (
                "[profiles.dev]\nread_timeout = nan",
                2,
                (
                    "profiles.dev.read_timeout must be a number of seconds above 0,"
                    " not nan"
                ),
            ),
            (
                "[profiles.dev]\npassword_command = 'pass show mo'",
                2,
                (
                    "profiles.dev.password_command must be an array of strings,"
                    ' as ["pass", "show", "mo"], not a string'
                ),
            ),
            ("[profiles.dev]\nhost = ''", 2, "profiles.dev.host must not be empty"),
            (
                "[profiles.dev]\npassword = 12345",
                2,
                "profiles.dev.password must be a string, not an integer",
            ),
            ("profiles.dev = 3", 1, "profiles.dev must be a table, not an integer"),
            ("[[settings]]", 1, "settings must be a table, not an array"),
            (
                "[profiles.dev.tls]\nkey = 'k.pem'",
                2,
                "profiles.dev.tls has a key and no cert",
            ),
            (
                "[settings]\ndefault_profile = 'pord'\n[profiles.prod]",
                2,
                "there is no profile 'pord'; did you mean 'prod'?",
            ),
        ],
    )
    def test_name_file_line_and_nearest_key(
        self, tmp_path: Path, text: str, line: int, message: str
    ) -> None:
        path = write(tmp_path, text)
        assert str(complaint(path)) == f"{path}:{line}: {message}"

    def test_an_unknown_key_with_no_neighbour_lists_the_known_ones(
        self, tmp_path: Path
    ) -> None:
        error = complaint(write(tmp_path, "[dev]\nhost = 'x'"))
        assert str(error).endswith(":1: unknown key 'dev'")
        assert error.remedy == "Known here: settings, profiles."

    @pytest.mark.parametrize(
        ("text", "line", "message"),
        [
            ("[settings]\nbell = yes\n", 2, "not valid TOML: Invalid value"),
            ("[settings]\nbell = [1\n", 2, "not valid TOML: Unclosed array"),
            ("a = 1\n\na = 2\n", 3, "not valid TOML: Cannot overwrite a value"),
        ],
    )
    def test_of_toml_itself(
        self, tmp_path: Path, text: str, line: int, message: str
    ) -> None:
        path = write(tmp_path, text)
        error = complaint(path)
        assert str(error) == f"{path}:{line}: {message}"
        assert "quotes" in error.remedy

    def test_of_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "config.toml"
        path.write_bytes(b"[settings]\ntheme = '\xff'\n")
        assert str(complaint(path)) == f"{path}:2: is not UTF-8"

    @pytest.mark.parametrize(
        ("login", "account", "user", "role"),
        [
            ("root", None, "root", None),
            ("acme#alice", "acme", "alice", None),
            ("acme#alice#dev", "acme", "alice", "dev"),
            ("acme:alice:dev", "acme", "alice", "dev"),
        ],
    )
    def test_a_login_in_one_key(
        self,
        tmp_path: Path,
        login: str,
        account: str | None,
        user: str,
        role: str | None,
    ) -> None:
        path = write(tmp_path, f"[profiles.dev]\nuser = '{login}'")
        profile = load(path).profile("dev")
        assert (profile.account, profile.user, profile.role) == (account, user, role)
        assert profile.login == login.replace(":", "#")

    def test_a_login_in_three_keys(self, tmp_path: Path) -> None:
        path = write(
            tmp_path, "[profiles.dev]\nuser = 'alice'\naccount = 'acme'\nrole = 'dev'"
        )
        assert load(path).profile("dev").login == "acme#alice#dev"

    def test_a_role_without_account_is_one_of_sys(self) -> None:
        assert Profile("dev", user="dump", role="moadmin").login == "sys#dump#moadmin"

    @pytest.mark.parametrize("other", ["account", "role"])
    def test_a_login_in_both_ways(self, tmp_path: Path, other: str) -> None:
        path = write(tmp_path, f"[profiles.dev]\n{other} = 'x'\nuser = 'acme#alice'")
        error = complaint(path)
        assert str(error) == (
            f"{path}:3: profiles.dev.user is a whole login, and there is {other!r} as"
            " well"
        )
        assert "three keys" in error.remedy

    @pytest.mark.parametrize("login", ["a#b#c#d", "#root", "acme#", "a##b"])
    def test_a_login_that_is_none(self, tmp_path: Path, login: str) -> None:
        error = complaint(write(tmp_path, f"[profiles.dev]\nuser = '{login}'"))
        assert "must be user, account#user or account#user#role" in str(error)

    def test_an_unknown_profile_names_the_nearest(self) -> None:
        config = Config({"staging": Profile("staging")})
        with pytest.raises(ConfigError, match="no profile 'stagign'; did you mean"):
            config.profile("stagign")


class TestLineOf:
    TEXT = """\
# port = 1
[profiles.a]
password_command = [
  "x = 1", # port = 2
  "[profiles.b]",
]
note = \"\"\"
port = 3
[profiles.b]
\"\"\"
port = 4

[ profiles . "b" ]  # [profiles.c]
'port' = 5
tls.ca = "x"
profiles = 1
"""

    @pytest.mark.parametrize(
        ("keys", "line"),
        [
            ("profiles", 2),
            ("profiles.a.password_command", 3),
            ("profiles.a.note", 7),
            ("profiles.a.port", 11),
            ("profiles.b", 13),
            ("profiles.b.port", 14),
            ("profiles.b.tls.ca", 15),
            ("profiles.b.profiles", 16),
        ],
    )
    def test_is_not_misled(self, keys: str, line: int) -> None:
        assert line_of(self.TEXT, tuple(keys.split("."))) == line

    def test_finds_its_way_in_a_long_file(self) -> None:
        text = "\n".join(f"[profiles.p{i}]\nhost = 'h{i}'" for i in range(1000))
        assert line_of(text, ("profiles", "p700", "host")) == 1402


def test_importing_is_cheap() -> None:
    code = "import sys, moclone_tui.config; print(*sys.modules)"
    argv = [sys.executable, "-c", code]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    late = {"subprocess", "configparser", "platformdirs", "tomllib", "difflib"}
    assert late & set(done.stdout.split()) == set()
