"""A plan: what was found, and what would be done, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from moclone_tui.api._connected import Connected
from moclone_tui.cloning.look import Facts, look
from moclone_tui.cloning.preflight import Finding, Level, judge
from moclone_tui.cloning.request import Request


@dataclass(frozen=True, slots=True)
class Plan:
    """A request, judged: it can be read, and carried out if nothing blocks it."""

    request: Request
    findings: tuple[Finding, ...] = ()
    """What there is to know, the gravest first."""
    facts: Facts | None = None
    """What was found; None if nobody has looked yet."""

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Why it cannot be carried out; empty if it can."""
        return tuple(each for each in self.findings if each.level is Level.BLOCKER)

    @property
    def steps(self) -> tuple[str, ...]:
        """What is done, step by step, for people to read."""
        request = self.request
        if request.source_table is None:
            return (
                f"BEGIN; {request.statement}",
                f"verify objects and exact rows against {request.source}, then COMMIT",
            )
        return (request.statement, f"verify exact rows against {request.source}")

    def as_text(self) -> str:
        """The plan in lines; names in it are as they are, not yet fit to show."""
        signs = {Level.BLOCKER: "x", Level.WARNING: "!", Level.NOTE: "·"}
        lines = [self.request.title]
        lines += [
            f"  {signs[each.level]}  {each.text}"
            + (f" ({each.remedy})" if each.remedy else "")
            for each in self.findings
        ]
        if not self.blockers:
            lines += [f"  {at}  {step}" for at, step in enumerate(self.steps, 1)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The plan as JSON has it."""
        request = self.request
        return {
            "kind": "database" if request.source_table is None else "table",
            "source": str(request.source),
            "target": str(request.target),
            "at": str(request.at),
            "if_exists": str(request.if_exists),
            "statement": request.statement,
            "steps": list(self.steps),
            "findings": [
                {
                    "level": str(each.level),
                    "text": each.text,
                    "remedy": each.remedy,
                    "objects": list(each.objects),
                }
                for each in self.findings
            ],
        }


def make(run: Connected, request: Request) -> Plan:
    """Look at what a request would come upon, and judge it. Nothing is changed.

    Args:
        run: A client, or a session.
        request: What is asked for.

    Raises:
        MocloneError: The server could not be asked.
    """
    facts = look(run, request)
    return Plan(request, judge(request, facts, run.capabilities), facts)
