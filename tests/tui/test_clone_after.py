"""The clone form's After: the profile's masks, and a file of SQL, before COMMIT."""

from __future__ import annotations

from pathlib import Path

from moclone_tui.embedded import EmbeddedServer
from moclone_tui.tui.desk import Target, demo_profile

from .support import User, client_of, open_clone_form, play, profile_of, submit_off


def test_the_demo_masks_and_a_file_of_sql_runs(
    sample: EmbeddedServer, made: str, tmp_path: Path
) -> None:
    script = tmp_path / "after.sql"
    script.write_text("DELETE FROM order_items WHERE order_id > 2;")

    async def scene(user: User) -> None:
        await open_clone_form(user, "shop")
        await user.fill(f"{made}copy")
        user.shows("2 columns masked")
        await user.press("pagedown", "pagedown")
        user.shows("UPDATE")
        await user.press("tab", "tab", "tab")
        await user.type(str(tmp_path / "missing.sql"))
        await user.settled()
        assert submit_off(user)
        user.shows("cannot be read: No such file")
        await user.fill(str(script))
        await user.press("ctrl+s")
        await user.until_jobs_end()

    play(scene, Target(profile_of(sample, masking=demo_profile().masking)))
    with client_of(sample) as client:
        copy = f"{made}copy"
        (email,) = client.execute(
            f"SELECT email FROM {copy}.customers WHERE id=7"
        ).first
        assert email == "user7@example.com"
        (rows,) = client.execute(f"SELECT COUNT(*) FROM {copy}.order_items").first
        assert 0 < rows < 20
