"""What wins: flags, environment, profile, defaults; and addresses in one string."""

from __future__ import annotations

import re
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moclone_tui.config import (
    ENVIRONMENT,
    Config,
    Profile,
    Settings,
    parse_dsn,
    resolve,
)
from moclone_tui.errors import ConfigError

SECRET = "hunter2-s3cret"


class TestPrecedence:
    CONFIG = Config(
        {
            "dev": Profile("dev", host="dev", port=7001, password_env="DEV_PW"),
            "prod": Profile("prod", host="prod", account="acme", role="r", user="al"),
        },
        Settings(default_profile="dev"),
    )

    def test_defaults(self) -> None:
        profile = resolve(Config(), {})
        assert profile == Profile("127.0.0.1:6001")

    def test_the_only_profile_is_the_default(self) -> None:
        only = Config({"one": Profile("one", host="h")})
        assert resolve(only, {}).name == "one"

    def test_profile_flag_then_environment_then_setting(self) -> None:
        assert resolve(self.CONFIG, {}).name == "dev"
        environ = {"MOCLONE_PROFILE": "prod"}
        assert resolve(self.CONFIG, environ).name == "prod"
        assert resolve(self.CONFIG, environ, profile="dev").name == "dev"

    def test_flags_then_environment_then_profile(self) -> None:
        environ = {"MOCLONE_HOST": "env", "MOCLONE_PORT": "7002"}
        profile = resolve(self.CONFIG, environ, host="flag")
        assert (profile.name, profile.host, profile.port) == ("dev", "flag", 7002)

    def test_a_user_replaces_the_whole_login(self) -> None:
        environ = {"MOCLONE_PROFILE": "prod", "MOCLONE_USER": "bob"}
        assert resolve(self.CONFIG, environ).login == "bob"
        assert resolve(self.CONFIG, environ, user="x#y#z").login == "x#y#z"

    def test_a_password_replaces_every_source(self) -> None:
        profile = resolve(self.CONFIG, {"MOCLONE_PASSWORD": "pw"})
        assert profile.find_password({"DEV_PW": "other"}) == "pw"

    def test_an_empty_variable_is_unset(self) -> None:
        assert (
            resolve(self.CONFIG, dict.fromkeys(ENVIRONMENT, ""))
            == (self.CONFIG.profiles["dev"])
        )

    def test_an_address_does_not_get_the_default_profiles_password(self) -> None:
        profile = resolve(self.CONFIG, {}, dsn="mysql://root@other:6009")
        assert profile == Profile("other:6009", host="other", port=6009)

    def test_an_address_over_a_named_profile_under_a_flag(self) -> None:
        profile = resolve(
            self.CONFIG, {}, profile="dev", dsn="mysql://h:1/a", database="b"
        )
        assert (profile.name, profile.host, profile.port, profile.database) == (
            "dev",
            "h",
            1,
            "b",
        )

    @pytest.mark.parametrize(
        ("environ", "message"),
        [
            (
                {"MOCLONE_PORT": "x"},
                "MOCLONE_PORT must be a whole number from 1 to 65535",
            ),
            ({"MOCLONE_USER": "a#b#c#d"}, "MOCLONE_USER must be user, account#user or"),
            ({"MOCLONE_PROFILE": "pro"}, "no profile 'pro'; did you mean 'prod'?"),
        ],
    )
    def test_a_wrong_variable_is_named(
        self, environ: dict[str, str], message: str
    ) -> None:
        with pytest.raises(ConfigError, match=re.escape(message)):
            resolve(self.CONFIG, environ)

    def test_a_wrong_flag_is_named(self) -> None:
        with pytest.raises(ConfigError, match=r"^--port must be a whole number"):
            resolve(self.CONFIG, {}, port=0)


class TestDsn:
    @pytest.mark.parametrize(
        ("dsn", "expected"),
        [
            ("mysql://", Profile("127.0.0.1:6001")),
            ("mysql://db", Profile("db:6001", host="db")),
            ("MySQL://db:1/", Profile("db:1", host="db", port=1)),
            ("mysql://[::1]:99/x", Profile("[::1]:99", "::1", 99, database="x")),
            (
                "mysql://acme#root#adm:p#/?:@w@db/a%2Fb",
                Profile(
                    "db:6001",
                    host="db",
                    account="acme",
                    role="adm",
                    password="p#/?:@w",
                    database="a/b",
                ),
            ),
            (
                "mysql://acme%23al:%40%25@db",
                Profile("db:6001", "db", user="al", account="acme", password="@%"),
            ),
            ("mysql://root:@db", Profile("db:6001", "db", password="")),
        ],
    )
    def test_parts(self, dsn: str, expected: Profile) -> None:
        assert parse_dsn(dsn) == expected

    @given(st.text(min_size=1), st.text(min_size=1))
    def test_any_password_and_database(self, password: str, database: str) -> None:
        from urllib.parse import quote

        text = f"mysql://u:{quote(password, safe='')}@h/{quote(database, safe='')}"
        profile = parse_dsn(text)
        assert (profile.password, profile.database) == (password, database)

    @pytest.mark.parametrize(
        "dsn",
        [
            f"postgres://root:{SECRET}@db",
            f"root:{SECRET}@db",
            f"mysql://root:{SECRET}@db:port",
            f"mysql://root:{SECRET}@db:{'9' * 5000}",
            f"mysql://root:{SECRET}@db?ssl=1",
            f"mysql://root:{SECRET}",
            f"mysql://a#b#c#d:{SECRET}@db",
            f"mysql://root:{SECRET}@[::1",
            f"mysql://root:{SECRET}@a@b:c:d",
        ],
    )
    def test_a_wrong_address_is_not_quoted(self, dsn: str) -> None:
        with pytest.raises(ConfigError) as caught:
            parse_dsn(dsn)
        assert "the address" in str(caught.value)
        assert SECRET not in "".join(traceback.format_exception(caught.value))
