"""What a server can do, by what it says it is."""

from __future__ import annotations

import pytest

from moclone_tui import Capabilities, NotSupported

V3 = Capabilities("8.0.30-MatrixOne-v3.0.18")
V4 = Capabilities("8.0.30-MatrixOne-v4.2.0")
MYSQL = Capabilities("8.0.36")
NEWER = Capabilities("8.0.30-MatrixOne-main")


def test_the_version_is_read_out_of_the_greeting() -> None:
    assert V4.version == (4, 2, 0)
    assert V4.shown == "MatrixOne 4.2.0"
    assert Capabilities("8.0.30-MatrixOne-3.0.9").version == (3, 0, 9)
    assert Capabilities("8.0.30-MatrixOne-v10.12.3-rc1").version == (10, 12, 3)
    assert MYSQL.version is None
    assert MYSQL.shown == "8.0.36"


def test_a_feature_that_is_missing_is_refused_with_both_versions() -> None:
    with pytest.raises(NotSupported) as caught:
        V3.require("restore_in_place")
    assert "4.0.0" in str(caught.value)
    assert "3.0.18" in str(caught.value)
    assert not V3.has("restore_in_place")


def test_a_feature_that_is_there_has_no_reason_against_it() -> None:
    V4.require("restore_in_place")
    assert V4.missing("restore_in_place") is None
    assert V3.has("clone")
    assert not Capabilities("8.0.30-MatrixOne-v2.1.0").has("clone")


def test_versions_compare_as_numbers() -> None:
    assert Capabilities("8.0.30-MatrixOne-v4.0.0").has("snapshot_kind")
    assert not Capabilities("8.0.30-MatrixOne-v3.10.9").has("snapshot_kind")
    assert Capabilities("8.0.30-MatrixOne-v10.0.0").has("restore_in_place")


def test_another_server_has_nothing_of_it() -> None:
    assert "needs MatrixOne" in (MYSQL.missing("clone") or "")


def test_a_version_that_cannot_be_read_is_taken_to_be_current() -> None:
    assert NEWER.is_matrixone
    assert NEWER.has("restore_in_place")


def test_a_greeting_is_shown_without_control_characters() -> None:
    assert "\x1b" not in Capabilities("5.7\x1b[31m").shown
    assert "\x1b" not in (Capabilities("5.7\x1b[31m").missing("clone") or "")
