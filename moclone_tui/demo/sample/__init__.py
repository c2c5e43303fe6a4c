"""The sample data: a shop, a snapshot before a sale, a mistake after it."""

from moclone_tui.demo.sample.story import REACH, load

__all__ = ["REACH", "load"]
