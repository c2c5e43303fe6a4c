"""The statements the server understands, by the words they begin with."""

from moclone_tui.demo.statements.command import Command, Mode
from moclone_tui.demo.statements.table import find_command

__all__ = ["Command", "Mode", "find_command"]
