"""The filter of a list: words in any order, `!word` without it, `~abc` in that order.

>>> terms = parse("shop !dev ~ord")
>>> matching(["shop.orders", "shop_dev.orders"], terms)
[0]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["has", "lacks", "fuzzy"]
_KINDS: dict[str, Kind] = {"!": "lacks", "~": "fuzzy"}


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a filter, in lower case."""

    kind: Kind
    word: str

    def covers(self, other: Term) -> bool:
        """Whether every text this lets through, `other` lets through as well."""
        if self.kind != other.kind:
            return (
                other.kind == "fuzzy" and self.kind == "has" and _in_order(self, other)
            )
        if self.kind == "has":
            return other.word in self.word
        if self.kind == "lacks":
            return self.word in other.word
        return _in_order(self, other)

    def found(self, text: str) -> list[tuple[int, int]]:
        """Where a text of lower case shows why it matched: (start, end) pairs."""
        if self.kind == "lacks":
            return []
        if self.kind == "fuzzy":
            return _each_char(self.word, text)
        return [
            (at.start(), at.end()) for at in re.finditer(re.escape(self.word), text)
        ]


def parse(query: str) -> tuple[Term, ...]:
    """Read a filter as typed. A bare `!` or `~` says nothing yet."""
    terms = []
    for word in query.lower().split():
        kind = _KINDS.get(word[0], "has")
        rest = word if kind == "has" else word[1:]
        if rest:
            terms.append(Term(kind, rest))
    return tuple(terms)


def narrows(new: Sequence[Term], old: Sequence[Term]) -> bool:
    """Whether all that `new` lets through is among what `old` let through."""
    return all(any(term.covers(before) for term in new) for before in old)


def matching(
    texts: Sequence[str],
    terms: Iterable[Term],
    among: Iterable[int] | None = None,
) -> list[int]:
    """Which texts (lower case) a filter lets through, in the order of `among`."""
    hits = among
    # Plain words first: they are quick and leave little for the others.
    for term in sorted(terms, key=lambda term: _COST[term.kind]):
        hits = _PASSES[term.kind](texts, term.word, hits)
    return list(range(len(texts)) if hits is None else hits)


def _has(texts: Sequence[str], word: str, among: Iterable[int] | None) -> list[int]:
    if among is None:
        return [at for at, text in enumerate(texts) if word in text]
    return [at for at in among if word in texts[at]]


def _lacks(texts: Sequence[str], word: str, among: Iterable[int] | None) -> list[int]:
    if among is None:
        return [at for at, text in enumerate(texts) if word not in text]
    return [at for at in among if word not in texts[at]]


def _fuzzy(texts: Sequence[str], word: str, among: Iterable[int] | None) -> list[int]:
    search = re.compile(
        "".join(f"[^{re.escape(char)}]*+{re.escape(char)}" for char in word)
    ).match
    if among is None:
        return [at for at, text in enumerate(texts) if search(text)]
    return [at for at in among if search(texts[at])]


_Pass = Callable[[Sequence[str], str, Iterable[int] | None], list[int]]
_PASSES: dict[Kind, _Pass] = {"has": _has, "lacks": _lacks, "fuzzy": _fuzzy}
_COST: dict[Kind, int] = {"has": 0, "lacks": 1, "fuzzy": 2}


def _in_order(longer: Term, shorter: Term) -> bool:
    return len(_each_char(shorter.word, longer.word)) == len(shorter.word)


def _each_char(word: str, text: str) -> list[tuple[int, int]]:
    """Where the characters of a word stand in a text, in order; fewer if it ends."""
    spans, at = [], 0
    for char in word:
        at = text.find(char, at)
        if at < 0:
            break
        spans.append((at, at + 1))
        at += 1
    return spans
