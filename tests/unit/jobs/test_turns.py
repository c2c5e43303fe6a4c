"""Turns: a few at once, first come, first served."""

from __future__ import annotations

from .fakes import Bench, Gate, Job, bench

__all__ = ["bench"]


def test_jobs_begin_in_the_order_they_were_asked_for(bench: Bench) -> None:
    gates = [Gate() for _ in range(6)]
    runner = bench.runner(limit=2)
    numbers = [runner.submit(Job(gate)) for gate in gates]
    for at, gate in enumerate(gates):
        assert gate.reached.wait(10)
        for later in gates[at + 2 :]:
            assert not later.reached.is_set()
        gate.open.set()
        runner.wait(numbers[at], 10)
    begun = [event.job for event in bench.events if event.text == "started"]
    assert begun == numbers


def test_who_gives_up_keeps_nobody(bench: Bench) -> None:
    """One that is cancelled while it waits, and one whose plan cannot be told."""

    class Untold(Job):
        def describe(self) -> dict[str, object]:
            raise ValueError("no plan")

    first, last = Gate(), Gate()
    runner = bench.runner(limit=1)
    one = runner.submit(Job(first))
    assert first.reached.wait(10)
    cancelled, untold = runner.submit(Job()), runner.submit(Untold())
    runner.cancel(cancelled)
    runner.wait(untold, 10)
    assert "no plan" in runner.events(untold)[-1].text
    four = runner.submit(Job(last))
    first.open.set()
    runner.wait(one, 10)
    assert last.reached.wait(10)
    last.open.set()
    runner.wait(four, 10)
    assert [event.state for event in runner.newest] == [
        "done",
        "cancelled",
        "failed",
        "done",
    ]
