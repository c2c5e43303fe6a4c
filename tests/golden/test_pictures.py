"""The pictures of the README and the goldens of the screens are what the app shows."""

import asyncio
import difflib

import generate
import pytest


@pytest.mark.parametrize("name", generate.SCENES)
def test_scene_looks_as_it_is_kept(name: str) -> None:
    path, as_text = generate.kept(name)
    picture = asyncio.run(generate.play(name))
    now = picture.text if as_text else picture.svg
    if path.read_text() != now:
        pytest.fail(
            f"{path.name} is not what the app shows; if this is as it should be, "
            "run python screenshots/generate.py\n"
            + "\n".join(
                difflib.unified_diff(
                    path.read_text().splitlines(), now.splitlines(), lineterm="", n=1
                )
                if as_text
                else ()
            )
        )


def test_every_picture_of_the_readme_is_here() -> None:
    from pathlib import Path

    root = Path(generate.__file__).parent.parent
    shown = {
        part.split(")")[0]
        for part in (root / "README.md").read_text().split("](")[1:]
        if part.startswith("screenshots/")
    }
    assert shown
    for name in shown:
        assert (root / name).exists(), name
        assert (root / name).with_suffix(".svg").exists(), name
