"""The source code's own rules: sizes, layers, names, files that must be there."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import moclone_tui

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path.relative_to(ROOT)
    for folder in ("moclone_tui", "tests", "screenshots")
    for path in (ROOT / folder).rglob("*.py")
)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path): lines
        for path in SOURCES
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": lines
        for path in SOURCES
        for node in functions(path)
        if (lines := _lines(node)) > 50
    }
    assert long == {}


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, the docstring aside: a public function may say much."""
    first = node.body[0]
    told = 0
    if ast.get_docstring(node) is not None:
        told = (first.end_lineno or 0) - first.lineno + 1
    return (node.end_lineno or 0) - node.lineno + 1 - told


@pytest.mark.parametrize("banned", [r"call_from_thread", r"@work\([^)]*thread=True"])
def test_no_thread_of_textuals_touches_the_ui(banned: str) -> None:
    found = [
        f"{path}:{number}"
        for path in SOURCES
        if path.parts[:2] == ("moclone_tui", "tui")
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
        if re.search(banned, line)
    ]
    assert found == []


def test_what_is_public_is_listed() -> None:
    """Every class and value the API imports by name is in `__all__`, and in order."""
    from moclone_tui import api

    shown = {
        name
        for name, value in vars(api).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert shown == set(api.__all__)
    assert len(api.__all__) == len(set(api.__all__))


def test_what_is_listed_can_be_had_from_the_top() -> None:
    from moclone_tui import api

    for name in api.__all__:
        assert getattr(moclone_tui, name) is getattr(api, name)
    assert moclone_tui.__all__ is api.__all__
    with pytest.raises(AttributeError, match="no_such_name"):
        moclone_tui.no_such_name  # noqa: B018
    with pytest.raises(AttributeError):
        moclone_tui.quote  # noqa: B018


def test_every_public_name_has_a_docstring() -> None:
    bare = [
        f"{owner.__name__}.{name}"
        for owner in _public_classes()
        for name, value in vars(owner).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, property))
        and not inspect.getdoc(value)
    ]
    assert [owner for owner in _public_classes() if not owner.__doc__] == []
    assert bare == []


def _public_classes() -> list[type]:
    from moclone_tui import api

    values = (getattr(api, name) for name in api.__all__)
    return [value for value in values if inspect.isclass(value)]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "config.example.toml",
        ".ci/run",
        "moclone_tui/py.typed",
    ],
)
def test_what_users_expect_of_a_project_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip() or name.endswith("typed")


def test_the_gate_runs_the_readmes_command() -> None:
    readme = (ROOT / "README.md").read_text()
    found = re.search(r"<!-- test command -->\n```sh\n(.+)\n```", readme)
    assert found is not None
    assert "pytest" in found[1]
    assert "test command" in (ROOT / ".ci" / "run").read_text()


def test_the_pinned_textual_is_the_one_at_hand() -> None:
    """The goldens hold for this version only."""
    from importlib.metadata import version

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (pin,) = [
        need.removeprefix("textual==")
        for need in project["optional-dependencies"]["test"]
        if need.startswith("textual==")
    ]
    assert version("textual") == pin
