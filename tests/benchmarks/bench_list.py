"""How quick the long list is, and how it compares with Textual's DataTable.

    python tests/benchmarks/bench_list.py

Milliseconds, the least of several runs, without a terminal (headless driver). What is
painted is timed until the screen has been; the wait for the next frame is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import DataTable

from moclone_tui.tui.widgets.table import Cell, Column, Row, TableList

SIZES = (1_000, 10_000, 100_000)
COMPARED = 10_000
RUNS = 5


def data(count: int) -> list[Row]:
    """Rows like those of a server with many databases."""
    return [
        Row(
            (name := f"db_{at % 97:03}.user_order_{at:06}"),
            (name, "table", Cell(f"{at * 7:,}", sort=at * 7), "1.1 MB", ""),
        )
        for at in range(count)
    ]


def a_list() -> TableList:
    return TableList(
        [
            Column("name", "name", search=True),
            Column("kind", "kind", width=6),
            Column("rows", "rows", width=9, align="right"),
            Column("size", "size", width=7, align="right"),
            Column("from", "cloned from", width=12),
        ]
    )


class Bench(App[None]):
    """Shows the widget under the clock."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


async def clocked(
    work: Callable[[], object], idle: Callable[[], Awaitable[None]]
) -> tuple[float, float]:
    """Milliseconds of the call, and until all it led to was painted."""
    await idle()
    start = perf_counter()
    work()
    called = perf_counter()
    await idle()
    return (called - start) * 1000, (perf_counter() - start) * 1000


async def idle_after(widget: Widget) -> None:
    """Let messages through and paint at once, without waiting for the next frame."""
    for _ in range(3):
        for _ in range(10):
            await asyncio.sleep(0)
        widget.screen._on_timer_update()


async def measure_list(count: int) -> dict[str, float]:
    rows, table, times = data(count), a_list(), dict[str, float]()
    async with Bench(table).run_test(size=(120, 40)):

        async def least(
            name: str,
            work: Callable[[], object],
            reset: Callable[[], object] | None = None,
            *,
            call: bool = True,
        ) -> None:
            taken = []
            for _ in range(RUNS):
                if reset is not None:
                    reset()
                taken.append(await clocked(work, lambda: idle_after(table)))
            at = 0 if call else 1
            times[name] = min(run[at] for run in taken)

        def empty() -> None:
            table.set_rows([])

        def unfiltered() -> None:
            table.filter("")

        def anew() -> None:
            unfiltered()
            table.set_rows(rows)

        await least("fill", lambda: table.set_rows(rows), empty)
        await least("fill, painted", lambda: table.set_rows(rows), empty, call=False)
        await least("first filter", lambda: table.filter("user"), anew)
        unfiltered()
        await least("filter: one letter", lambda: table.filter("9"), unfiltered)
        await least(
            "filter: another", lambda: table.filter("99"), lambda: table.filter("9")
        )
        await least("filter: ~fuzzy", lambda: table.filter("~u9r9"), unfiltered)
        await least(
            "filter, painted", lambda: table.filter("99"), unfiltered, call=False
        )
        unfiltered()
        await least("cursor down", lambda: table.action_move(1), call=False)
        await least("page down", lambda: table.action_page(1), call=False)
        await least("end", table.action_last, table.action_first, call=False)
        await least("sort numbers", lambda: table.sort_by("rows", reverse=True))
        await least("sort texts", lambda: table.sort_by("name"))
    return times


async def measure_data_table(count: int) -> dict[str, float]:
    rows, times = data(count), dict[str, float]()
    cells = [
        [cell if isinstance(cell, str) else cell.text for cell in row.cells]
        for row in rows
    ]
    table: DataTable[str] = DataTable(cursor_type="row")
    async with Bench(table).run_test(size=(120, 40)):
        keys = table.add_columns("name", "kind", "rows", "size", "from")
        fill = await clocked(lambda: table.add_rows(cells), lambda: idle_after(table))
        times["fill"], times["fill, painted"] = fill
        for name, work in (
            ("cursor down", table.action_cursor_down),
            ("page down", table.action_page_down),
            ("sort texts", lambda: table.sort(keys[0])),
        ):
            taken = [
                await clocked(work, lambda: idle_after(table)) for _ in range(RUNS)
            ]
            times[name] = min(run[name != "sort texts"] for run in taken)
    return times


def main() -> None:
    measured = {count: asyncio.run(measure_list(count)) for count in SIZES}
    other = asyncio.run(measure_data_table(COMPARED))
    heads = [f"{count:,}" for count in SIZES] + [f"DataTable {COMPARED:,}", "ratio"]
    print(f"{'ms':20}" + "".join(f"{head:>18}" for head in heads))
    for name in measured[COMPARED]:
        line = f"{name:20}" + "".join(
            f"{measured[count][name]:18.2f}" for count in SIZES
        )
        if name in other:
            line += (
                f"{other[name]:18.2f}{other[name] / measured[COMPARED][name]:17.1f}×"
            )
        print(line)


if __name__ == "__main__":
    main()
