"""`config.example.toml` shows every key, and each with a value that is right."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from moclone_tui.config import (
    ENVIRONMENT,
    MaskRule,
    Profile,
    Settings,
    Tls,
    _checks,
    load,
)

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


class TestExample:
    KEY = re.compile(r"^# (\w+ = .*)$", re.MULTILINE)

    def test_is_good_as_it_is(self) -> None:
        config = load(EXAMPLE)
        assert config.warnings == ()
        assert list(config.profiles) == ["dev", "prod"]
        assert config.profile("dev") == Profile("dev", environment="dev")

    def test_shows_every_key_with_a_value_that_is_right(self, home: Path) -> None:
        (home / ".my.cnf").write_text("[client]\n", encoding="utf-8")
        text = self.KEY.sub(r"\1", EXAMPLE.read_text(encoding="utf-8"))
        text = text.replace('user = "acme#admin"', 'user = "admin"')
        path = home / "config.toml"
        path.write_text(text, encoding="utf-8")
        load(path)
        for cls in (Settings, Profile, Tls, MaskRule):
            for field in dataclasses.fields(cls):
                if field.name not in {"name", "tls", "masking"}:
                    assert re.search(rf"^{field.name} = ", text, re.MULTILINE), field
        assert "[profiles.prod.tls]" in text
        assert "[[profiles.prod.masking]]" in text

    def test_shows_the_defaults(self, home: Path) -> None:
        text = EXAMPLE.read_text(encoding="utf-8")
        for field in (*dataclasses.fields(Settings), *dataclasses.fields(Profile)):
            default = field.default
            if type(default) in {int, float, bool} and default:
                shown = re.search(rf"^# {field.name} = (\S+)$", text, re.MULTILINE)
                assert shown, field.name
                assert float(shown[1] == "true" or shown[1]) == default

    def test_names_every_variable(self) -> None:
        text = EXAMPLE.read_text(encoding="utf-8")
        assert [name for name in ENVIRONMENT if name not in text] == []

    def test_every_field_has_a_check(self) -> None:
        for cls, checks in (
            (Settings, _checks.SETTINGS),
            (Profile, _checks.PROFILE),
            (Tls, _checks.TLS),
            (MaskRule, _checks.MASKING),
        ):
            names = {each.name for each in dataclasses.fields(cls)}
            assert names - {"name"} == set(checks)
