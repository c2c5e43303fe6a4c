"""The errors a server answers with, by number and words."""

SYNTAX = (
    "You have an error in your SQL syntax; check the manual that corresponds to your "
    "MatrixOne server version for the right syntax to use. "
)


class ServerError(Exception):
    """An answer that refuses a statement.

    Attributes:
        code: The number on the wire.
        message: The words on the wire.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def internal(message: str) -> ServerError:
    """The server's catch-all, with its own prefix."""
    return ServerError(20101, f"internal error: {message}")


def invalid_input(message: str) -> ServerError:
    """A statement whose names or values do not fit."""
    return ServerError(20301, f"invalid input: {message}")


def not_supported(what: str) -> ServerError:
    """Something the real server knows and this one does not."""
    return ServerError(20105, f"not supported by the demo server: {what}")


def parse_error(message: str) -> ServerError:
    """A refusal by the planner, which shares the parser's number."""
    return ServerError(1064, f"SQL parser error: {message}")


def syntax_error(sql: str, start: int, end: int) -> ServerError:
    """A token that does not fit, with the place where the real parser reports it.

    Args:
        sql: The whole statement.
        start: Where the token begins.
        end: Where the token ends: the reported column.
    """
    line = sql.count("\n", 0, end) + 1
    column = end - (sql.rfind("\n", 0, end) + 1)
    near = sql[max(start - 1, 0) :]
    if start and not sql[start - 1].isspace():
        near = sql[start:]
    return parse_error(
        f'{SYNTAX}syntax error at line {line} column {column} near "{near}";'
    )


def missing_table(name: str) -> ServerError:
    """A table that is not there, as the planner says it."""
    return parse_error(f'table "{name}" does not exist')


def unknown_database(name: str) -> ServerError:
    """A database that is not there."""
    return ServerError(1049, f"Unknown database {name}")


def no_such_table(database: str, name: str) -> ServerError:
    """A table that is not there, as SHOW CREATE and DDL say it."""
    return ServerError(1146, f"no such table {database}.{name}")


def no_database_selected() -> ServerError:
    """An unqualified name without a current database."""
    return ServerError(1046, "No database selected")


def no_privilege() -> ServerError:
    """A statement beyond the session's rights."""
    return internal("do not have privilege to execute the statement")


def in_transaction() -> ServerError:
    """An administrative statement inside a transaction."""
    return internal("unclassified statement appears in uncommitted transaction")


def only_create_in_transactions() -> ServerError:
    """A statement that BEGIN does not allow, though it allows others of its kind."""
    return internal("Only CREATE of DDL is supported in transactions")


def administrative() -> ServerError:
    """A change of users, roles or rights inside a transaction."""
    return internal("administrative command is unsupported in transactions")


def unquotable(name: str) -> ServerError:
    """A table whose name holds a double quote, where its DDL is needed."""
    return ServerError(1105, f"invalid character in the table name {name}")
