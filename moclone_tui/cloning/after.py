"""What is done to a copy before anybody sees it: masking rules, and a file of SQL."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui.cloning import dml
from moclone_tui.config import MaskRule, Profile


@dataclass(frozen=True, slots=True)
class After:
    """What is to be changed in a copy, in the transaction that makes it."""

    rules: tuple[MaskRule, ...] = ()
    """Which columns are masked; rules for other databases do no harm."""
    statements: tuple[str, ...] = ()
    """INSERT, UPDATE, DELETE, REPLACE and TRUNCATE of the copy, run after masking."""
    required: bool = False
    """Whether a copy is refused that none of the rules applies to."""

    @classmethod
    def of(cls, profile: Profile, sql_file: str = "") -> After:
        """What a profile asks for, and the text of a file of SQL."""
        return cls(profile.masking, dml.split(sql_file), profile.mask_required)

    def __bool__(self) -> bool:
        """Whether there is anything to do, or to insist on."""
        return bool(self.rules or self.statements or self.required)
