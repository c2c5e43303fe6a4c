"""Run the embedded server until its stdin closes or a signal ends it."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import sys
import threading
from datetime import UTC, datetime

from mysql_mimic.stream import MysqlStream

from moclone_tui.demo.clock import Clock
from moclone_tui.demo.protocol import Connection
from moclone_tui.demo.state import State


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m moclone_tui.demo")
    parser.add_argument("--empty", action="store_true", help="no sample data")
    parser.add_argument(
        "--generated",
        type=_extent,
        metavar="DATABASES,TABLES",
        help="so many databases more, with so many tables each",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--password", help="default: a random one")
    parser.add_argument(
        "--slow",
        type=float,
        default=0,
        metavar="SECONDS",
        help="how long a clone takes",
    )
    parser.add_argument("--version", default="4.2.0", help="the version to claim")
    parser.add_argument(
        "--now", type=_moment, metavar="ISO", help="when it is, from now on"
    )
    return parser.parse_args(arguments)


def _extent(text: str) -> tuple[int, int]:
    databases, tables = map(int, text.split(","))
    return databases, tables


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def serve(options: argparse.Namespace) -> None:
    """Serve, and say on stdout where."""
    password = options.password or secrets.token_urlsafe(12)
    clock = Clock(options.now)
    state = await _new_state(options, clock, password)
    clients: dict[Connection, asyncio.Task[None]] = {}

    async def welcome(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connection = Connection(state, MysqlStream(reader, writer))
        clients[connection] = asyncio.create_task(connection.serve())
        await clients[connection]
        del clients[connection]

    server = await asyncio.start_server(welcome, options.host, options.port)
    port = server.sockets[0].getsockname()[1]
    state.address = f"{options.host}:{port}"
    stopped = _when_told_to_stop()
    _announce(options, port, password)
    await stopped.wait()
    server.close()
    for connection in clients:
        connection.end(query_only=False)
    await asyncio.gather(*clients.values())


async def _new_state(options: argparse.Namespace, clock: Clock, password: str) -> State:
    from moclone_tui.demo.sample import REACH, load

    age = 0 if options.empty and not options.generated else REACH
    with clock.at(clock.now() - age):
        state = State(clock, password, version=options.version, slow=options.slow)
    if not options.empty:
        await load(state)
    if options.generated:
        from moclone_tui.demo.sample.generated import fill

        fill(state, *options.generated)
    return state


def _announce(options: argparse.Namespace, port: int, password: str) -> None:
    line = {
        "host": options.host,
        "port": port,
        "user": "root",
        "password": password,
        "pid": os.getpid(),
        "version": options.version,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _when_told_to_stop() -> asyncio.Event:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)

    def wait_for_stdin() -> None:
        # Read by number: a thread inside sys.stdin would stop the interpreter's exit.
        while os.read(0, 4096):
            pass
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stopped.set)

    threading.Thread(target=wait_for_stdin, daemon=True).start()
    return stopped


def main() -> None:
    """Run the server."""
    logging.getLogger("mysql_mimic").disabled = True
    logging.getLogger("mysql_mimic.connection").disabled = True
    try:
        asyncio.run(serve(parse_arguments()))
    except OSError as error:
        sys.exit(f"moclone demo: {error}")


if __name__ == "__main__":
    main()
