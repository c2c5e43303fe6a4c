"""Write tokens down again in a form that sqlglot reads without mistakes."""

from collections.abc import Collection, Sequence

from moclone_tui.demo.errors import ServerError
from moclone_tui.demo.functions import PREFIX, PURE
from moclone_tui.demo.lexer import HINT_MARK, Kind, Token, quote_name, quote_string

_WITHOUT_PARENTHESES = {
    "current_timestamp": "now",
    "current_date": "curdate",
    "current_user": "user",
    "localtimestamp": "now",
    "utc_timestamp": "utc_timestamp",
}
_RENAMED = {
    "current_timestamp": "now",
    "localtime": "now",
    "sysdate": "now",
    "current_date": "curdate",
    "character_length": "char_length",
    "schema": "database",
    "system_user": "user",
    "session_user": "user",
    "current_user": "user",
    "dayofmonth": "day",
    "octet_length": "length",
    "sha": "sha1",
    "bit_xor": "bit_xor",
}
# Their arguments hold an INTERVAL, which only sqlglot can read.
_LEFT_TO_SQLGLOT = {"date_add"}


class Rewriter:
    """Collects the hints of a statement while it writes the rest."""

    def __init__(self, session_functions: Collection[str]) -> None:
        """Know which functions are ours."""
        self._known = {*PURE, *session_functions, "bit_xor"} - _LEFT_TO_SQLGLOT
        self.hints: list[str] = []

    def write(self, tokens: Sequence[Token]) -> str:
        """The tokens as text; a hint becomes a mark on the name before it."""
        parts: list[str] = []
        for index, token in enumerate(tokens):
            before = tokens[index - 1] if index else None
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            if before is not None and before.end != token.start:
                parts.append(" ")
            if after is not None and after.kind is Kind.HINT and token.is_name:
                parts.append(self._marked(token, after))
            elif token.kind is not Kind.HINT:
                parts.append(self._one(token, before, after))
        return "".join(parts)

    def _marked(self, name: Token, hint: Token) -> str:
        self.hints.append(hint.value)
        return quote_name(f"{name.value}{HINT_MARK}{len(self.hints) - 1}")

    def _one(self, token: Token, before: Token | None, after: Token | None) -> str:
        if token.kind is Kind.STRING:
            return quote_string(token.value)
        if token.kind is Kind.QUOTED:
            return quote_name(token.value)
        if token.kind is Kind.VARIABLE:
            return f"{PREFIX}variable({quote_string(token.value)})"
        if token.kind is Kind.BINARY and token.text[0] in "bB":
            return str(int(token.text[2:-1] or "0", 2))
        if token.kind is Kind.WORD and not (before and before.is_operator(".")):
            return self._word(token, after)
        return token.text

    def _word(self, token: Token, after: Token | None) -> str:
        word = token.text.lower()
        if word in ("minus", "except"):
            if after is not None and after.is_word("all"):
                raise ServerError(
                    20102, "EXCEPT/MINUS ALL clause is not yet implemented"
                )
            return "except"
        if after is None or not after.is_operator("("):
            bare = _WITHOUT_PARENTHESES.get(word)
            return f"{PREFIX}{bare}()" if bare else token.text
        name = _RENAMED.get(word, word)
        return PREFIX + name if name in self._known else token.text
