"""How a lesson runs, minute by minute, for the screen in the classroom."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum import summaries, text
from curriculum.delivery.continuing import Rest, run_of
from curriculum.ideabank import DocumentVersion, Timed


@dataclass(frozen=True)
class ScreenStep:
    """A step with the minutes from the lesson's start at which it begins and ends; `small` is how a small group does it."""

    uid: str
    title: str
    kind: str
    start: int
    end: int
    body: text.SafeHtml
    say: text.SafeHtml
    small: text.SafeHtml

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class RunSheet:
    """The steps there is time for. `spare`: minutes left of the slot; below zero when even the core is too long for it."""

    title: str
    minutes: int
    is_full: bool
    steps: tuple[ScreenStep, ...]
    spare: int


def plan_for_screen(version: DocumentVersion, minutes: int, rest: Rest | None = None) -> RunSheet:
    """The run of a theme in a slot of so many minutes: what is taken up from before, then all its steps when they fit, else the core."""
    theme = summaries.theme_of(version)
    run = run_of(theme, minutes, rest)
    lang = version.document.district.source_language
    return RunSheet(theme.title, minutes, run.is_full, tuple(_step(timed, lang) for timed in run.steps), run.spare)


def _step(timed: Timed, lang: str) -> ScreenStep:
    step = timed.step
    body, say, small = (text.render(words, lang=lang) for words in (step.body, step.say, step.small))
    return ScreenStep(step.uid, step.title, step.kind, timed.start, timed.end, body, say, small)
