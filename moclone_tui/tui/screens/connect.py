"""The connect screen: choose a server, wait, and read why it did not work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from moclone_tui.api import AuthFailed, MocloneError
from moclone_tui.config import Config, Profile, parse_dsn
from moclone_tui.text import safe
from moclone_tui.tui import render
from moclone_tui.tui.desk import Clock, PasswordNeeded, ServerInfo, Target
from moclone_tui.tui.reader import Answered, Reader
from moclone_tui.tui.widgets.cells import Cell, Column, Key, Row
from moclone_tui.tui.widgets.entry import Entry
from moclone_tui.tui.widgets.table import TableList

_DEMO = ("demo",)
_OTHER = ("other",)
_COLUMNS = (
    Column("name", "server", flex=2, min=12, max=24, search=True),
    Column("where", "where", flex=3, min=16, search=True, tone="muted"),
    Column("as", "as", min=8, max=20, tone="muted"),
    Column("environment", "", width=7),
)
_ENVIRONMENT_TONES = {"prod": "bad", "staging": "warn", "dev": "good"}

Connection = tuple[Target, Reader, ServerInfo]


class ConnectScreen(Screen[Connection | None]):
    """Ends with a connection, or with None when moclone is to be left.

    Args:
        config: The profiles.
        target: What to connect to at once, if that is known.
        clock: The time.
        visited: Servers that no profile names, but that were connected to before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+q", "leave", "Quit", show=False),
        Binding("escape", "stop", "Stop", show=False),
    ]
    DEFAULT_CSS = """
    ConnectScreen {
        align: center middle;
        & > Vertical {
            width: 78;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $border;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $foreground-muted;
            padding: 1 1 0 1;
            & > TableList { height: auto; min-height: 4; max-height: 12; }
            & > Input { display: none; margin: 1 2 0 2; background: $surface; }
            & > Input.-asked { display: block; }
            & > .status { height: auto; margin: 1 2; }
        }
    }
    """

    def __init__(
        self,
        config: Config,
        target: Target | None,
        clock: Clock,
        visited: Sequence[Profile] = (),
    ) -> None:
        super().__init__()
        self._visited = visited
        self._config = config
        self._target = target
        self._reader: Reader | None = None
        self._password_typed = False
        self._list = TableList(_COLUMNS, markable=False)
        self._address = Entry(
            placeholder="user@host:port/database", id="address", compact=True
        )
        self._password = Input(
            placeholder="password", password=True, id="password", compact=True
        )
        self._status = Static("", classes="status", markup=False)
        self._clock = clock

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "moclone · connect"
            box.border_subtitle = "enter connect · esc stop · q quit"
            yield self._list
            yield self._address
            yield self._password
            yield self._status

    def on_mount(self) -> None:
        self._list.set_rows(self._rows())
        self._list.styles.height = min(12, len(self._rows()) + 1)
        self._list.focus()
        for warning in self._config.warnings:
            self.notify(safe(warning), severity="warning", markup=False)
        if self._target is not None:
            self._list.move_to(self._key(self._target))
            self._connect(self._target)
        else:
            self._say("Choose a server. The demo needs none: it brings its own.")

    def _rows(self) -> list[Row]:
        rows = [
            Row(
                profile.name,
                (
                    profile.name,
                    profile.address,
                    profile.login,
                    _environment(profile),
                ),
            )
            for profile in self._profiles()
        ]
        rows.append(Row(_DEMO, ("demo", "sample data, needs no server", "", "")))
        rows.append(Row(_OTHER, ("another …", "type where it is", "", "")))
        return rows

    def _profiles(self) -> list[Profile]:
        others = list(self._visited)
        if self._target is not None and self._target.demo is None:
            others.append(self._target.profile)
        known = self._config.profiles
        return [
            *{each.name: each for each in others if each.name not in known}.values(),
            *known.values(),
        ]

    def _key(self, target: Target) -> Key:
        return _DEMO if target.demo is not None else target.profile.name

    def _say(self, words: str, tone: str = "muted") -> None:
        self._status.update(Content.styled(safe(words), f"$tone-{tone}"))

    # Choosing

    @on(TableList.Selected)
    def _chosen(self, event: TableList.Selected) -> None:
        event.stop()
        self._stop_reader()
        if event.key == _OTHER:
            self._say("Where is it, and as whom?")
            self._ask_for(self._address)
            return
        if event.key == _DEMO:
            try:
                self._connect(Target.start_demo())
            except MocloneError as error:
                self._status.update(render.problem(error))
            return
        profile = next(each for each in self._profiles() if each.name == event.key)
        self._connect(Target(profile))

    def _ask_for(self, field: Input) -> None:
        for each in (self._address, self._password):
            each.set_class(each is field, "-asked")
        field.focus()

    def _ask_nothing(self) -> None:
        focused = self._address.has_focus or self._password.has_focus
        for each in (self._address, self._password):
            each.remove_class("-asked")
        if focused:
            self._list.focus()

    @on(Input.Submitted, "#address")
    def _address_given(self, event: Input.Submitted) -> None:
        event.stop()
        address = event.value.strip()
        try:
            profile = parse_dsn(address if "://" in address else f"mysql://{address}")
        except MocloneError as error:
            self._status.update(render.problem(error))
            return
        self._ask_nothing()
        self._connect(Target(profile))

    @on(Input.Submitted, "#password")
    def _password_given(self, event: Input.Submitted) -> None:
        event.stop()
        if self._target is None:
            return
        self._target.give_password(event.value)
        self._password_typed = True
        self._password.value = ""
        self._ask_nothing()
        self._connect(self._target)

    # Connecting

    def _connect(self, target: Target) -> None:
        self._stop_reader()
        if self._target is not target:
            self._password_typed = False
            if self._target is not None:
                self._target.close()
        self._target = target
        where = "the demo" if target.demo else target.profile.address
        self._say(f"Connecting to {where} … esc stops")
        self._reader = Reader(target.connect_reader)
        self._reader.ask(self, "hello", target, ServerInfo.ask)

    def _stop_reader(self) -> None:
        if self._reader is not None:
            self._reader.stop()
            self._reader = None

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        target, reader = self._target, self._reader
        if target is None or reader is None or event.question is not target:
            return
        if event.error is None:
            self.dismiss((target, reader, event.value))
            return
        self._stop_reader()
        if isinstance(event.error, PasswordNeeded):
            who = f"{target.profile.login} at {target.profile.address}"
            self._say(f"Password of {who}")
            self._ask_for(self._password)
            return
        self._status.update(render.problem(event.error))
        if isinstance(event.error, AuthFailed):
            target.forget_password()
            if self._password_typed:
                self._ask_for(self._password)

    def action_stop(self) -> None:
        if self._reader is not None:
            self._stop_reader()
            self._say("Stopped.")
        self._ask_nothing()

    def action_leave(self) -> None:
        self._stop_reader()
        if self._target is not None:
            self._target.close()
        self.dismiss(None)


def _environment(profile: Profile) -> Cell:
    word = profile.environment or ""
    tone = _ENVIRONMENT_TONES.get(word, "")
    return Cell(word.upper(), tone)  # type: ignore[arg-type]
