"""Read tokens one after another, for grammars that are written by hand."""

from moclone_tui.demo.errors import ServerError, syntax_error
from moclone_tui.demo.lexer import Kind, Statement, Token, fold


class TokenReader:
    """A place in a statement, with what the grammars need to move on."""

    def __init__(self, statement: Statement, at: int = 0) -> None:
        """Begin at token `at`."""
        self.statement = statement
        self.at = at

    def peek(self, ahead: int = 0) -> Token | None:
        """The token that comes, or None at the end."""
        index = self.at + ahead
        tokens = self.statement.tokens
        return tokens[index] if index < len(tokens) else None

    def next(self) -> Token:
        """Take the next token.

        Raises:
            ServerError: 1064 at the end.
        """
        token = self.peek()
        if token is None:
            raise self.unexpected()
        self.at += 1
        return token

    def rest(self) -> list[Token]:
        """Take everything that is left."""
        tokens = self.statement.tokens[self.at :]
        self.at = len(self.statement.tokens)
        return tokens

    def looking_at(self, *words: str) -> bool:
        """Whether these keywords come next, in this order."""
        return all(
            (token := self.peek(i)) is not None and token.is_word(word)
            for i, word in enumerate(words)
        )

    def accept(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        if not self.looking_at(*words):
            return False
        self.at += len(words)
        return True

    def accept_any(self, *words: str) -> str | None:
        """Take one of these keywords if it comes next."""
        token = self.peek()
        if token is None or not token.is_word(*words):
            return None
        self.at += 1
        return token.value.lower()

    def expect(self, *words: str) -> None:
        """Take these keywords.

        Raises:
            ServerError: 1064 if something else comes.
        """
        if not self.accept(*words):
            raise self.unexpected()

    def accept_operator(self, operator: str) -> bool:
        """Take an operator if it comes next."""
        token = self.peek()
        if token is None or not token.is_operator(operator):
            return False
        self.at += 1
        return True

    def expect_operator(self, operator: str) -> None:
        """Take an operator.

        Raises:
            ServerError: 1064 if something else comes.
        """
        if not self.accept_operator(operator):
            raise self.unexpected()

    def name(self) -> str:
        """Take an identifier, as it was written.

        Raises:
            ServerError: 1064 if none comes.
        """
        token = self.peek()
        if token is None or not token.is_name:
            raise self.unexpected()
        self.at += 1
        return token.value

    def folded_name(self) -> str:
        """Take the name of a database or table: the server keeps lower case."""
        return fold(self.name())

    def text(self) -> str:
        """Take a string, or a word that stands for one."""
        token = self.peek()
        if token is None or (token.kind is not Kind.STRING and not token.is_name):
            raise self.unexpected()
        self.at += 1
        return token.value

    def integer(self) -> int:
        """Take a whole number.

        Raises:
            ServerError: 1064 if none comes.
        """
        token = self.peek()
        if token is None or token.kind is not Kind.NUMBER or not token.text.isdigit():
            raise self.unexpected()
        self.at += 1
        return int(token.text)

    def hint(self) -> str | None:
        """Take a `{…}` hint if one comes next: what stands between the braces."""
        token = self.peek()
        if token is None or token.kind is not Kind.HINT:
            return None
        self.at += 1
        return token.value

    def table_name(self) -> tuple[str | None, str]:
        """Take `[database.]table`; the database is None if it is not named."""
        first = self.folded_name()
        if self.accept_operator("."):
            return first, self.folded_name()
        return None, first

    def name_list(self) -> tuple[str, ...]:
        """Take `(a, b, …)`; lengths and directions are passed over."""
        self.expect_operator("(")
        names = [self.name()]
        while not self.accept_operator(")"):
            if self.accept_operator(","):
                names.append(self.name())
            elif self.accept_operator("("):
                self.integer()
                self.expect_operator(")")
            elif not self.accept_any("asc", "desc"):
                raise self.unexpected()
        return tuple(names)

    def parenthesized(self) -> list[Token]:
        """Take `( … )`, and give what stands inside."""
        self.expect_operator("(")
        inside: list[Token] = []
        depth = 1
        while True:
            token = self.next()
            depth += token.is_operator("(") - token.is_operator(")")
            if not depth:
                return inside
            inside.append(token)

    def end(self) -> None:
        """Insist that nothing follows.

        Raises:
            ServerError: 1064 if something does.
        """
        if self.peek() is not None:
            raise self.unexpected()

    def unexpected(self) -> ServerError:
        """The error for the token that comes next."""
        token = self.peek()
        text = self.statement.text
        if token is None:
            return syntax_error(text, len(text), len(text))
        return syntax_error(text, token.start, token.end)


def split_by_comma(tokens: list[Token]) -> list[list[Token]]:
    """Cut tokens at the commas that stand outside parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.is_operator("(") - token.is_operator(")")
        if token.is_operator(",") and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def find_word(tokens: list[Token], *words: str, start: int = 0) -> int:
    """Where one of these keywords stands outside parentheses; the length if nowhere."""
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        depth += token.is_operator("(") - token.is_operator(")")
        if not depth and token.is_word(*words):
            return index
    return len(tokens)
