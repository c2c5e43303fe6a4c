"""What a restore loses without a word, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from moclone_tui.text import plural, safe

ACCOUNT_NOTES = (
    "Users and roles are of that moment; grants on databases and tables are lost.",
    "PITRs of databases and tables no longer protect them, but what was replaced.",
)

NONE_TO_SEE = "It had no databases then that could be looked at: look yourself."


def identity_note(shown: str, before: int | None) -> list[str]:
    if before is not None:
        return []
    return [f"Whether {shown} was really replaced is not known: look at its rows."]


def left_out_note(counts: dict[str, int]) -> list[str]:
    kinds = (("INTERNAL TABLE", "sequence"), ("EXTERNAL TABLE", "external table"))
    lost = [plural(counts[kind], noun) for kind, noun in kinds if counts.get(kind)]
    if not lost:
        return []
    return [f"Left out by the server, and gone from the database: {', '.join(lost)}."]


def grants_note(count: int | None) -> list[str]:
    if count is None:
        return ["Whether grants were lost is not known."]
    if not count:
        return []
    lost = "was lost: it names" if count == 1 else "were lost: they name"
    return [f"{plural(count, 'grant')} on it {lost} what was replaced."]


def publications_note(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> Iterator[str]:
    """What became of publications, each with its tables; None is not known."""
    if before is None or after is None:
        yield "Whether publications of it were lost is not known."
        return
    for name, tables in before.items():
        if name not in after:
            yield f"The publication {safe(name)} was dropped with it: make it anew."
        elif after[name] != tables:
            yield f"The publication {safe(name)} has lost what was replaced."
