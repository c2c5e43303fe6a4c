"""Which names the server takes."""

from moclone_tui.demo.errors import internal

_REFUSED = set(" \t`'\"")


def check_name(name: str) -> str:
    """A name for a database, snapshot or account.

    Raises:
        ServerError: 20101 for one with a space or a quote.
    """
    if not name or _REFUSED & set(name):
        raise internal("invalid input")
    return name
