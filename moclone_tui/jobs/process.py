"""Who runs a job: a process that can be told from a later one of the same number."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """A process of a machine."""

    machine: str
    """The machine's name in the network."""
    pid: int
    started: str
    """When it started, as the system counts it: a time after a jump of the machine's
    clock would make one process look like two. Empty if the system does not tell.
    """

    @property
    def alive(self) -> bool | None:
        """Whether it still runs; None if it ran on another machine."""
        if self.machine != platform.node():
            return None
        return bool(self.started) and _started(self.pid) == self.started


@functools.cache
def this_process() -> Process:
    """The one that asks."""
    return Process(platform.node(), os.getpid(), _started(os.getpid()))


def _started(pid: int) -> str:
    """When a process started; empty if there is none, or only its remains."""
    if not Path("/proc/self/stat").exists():
        return _asked_of_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{boot.strip()} {rest[18]}"


def _asked_of_ps(pid: int) -> str:
    """The same where there is no /proc."""
    done = subprocess.run(  # noqa: S603 a number and constants
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        env={"LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()
