"""One series exactly: its cheapest calendar around what others have taken, by a dynamic programme over days and times.

An event is a day and time at which one of the lessons may be held, or a lesson that stands (pinned, delivered, or joint with one that
stands). Events come in time order; a state is the last event used, the set of free sessions held so far (see `orders`) and, where a week
may have several lessons, how many the week and the day have. What the next lesson costs and where it may come depends on no more than
that, but for off_slot, which asks for the most used slot: that one is guessed, each in turn. So the least cost over all states after the
last lesson, over all guesses, is the least cost there is.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from curriculum.planning.engine.events import UNIT, Board
from curriculum.planning.engine.orders import Orders, any_order, orders
from curriculum.planning.engine.possible import Case
from curriculum.planning.engine.problem import Placed
from curriculum.planning.engine.taken import Taken, where_pinned

COUNTED = 1 << 12
"""More than the lessons a week can have, which a state counts."""


@dataclass(frozen=True)
class Found:
    """A calendar of one series in listed order of its sessions; `is_exact` when no other is cheaper.

    `least` is what no calendar can cost less than, in units, what is the same for all of them left out.
    """

    places: tuple[Placed, ...]
    is_exact: bool
    least: int


def best_calendar(case: Case, taken: Taken, *, priced: bool = True, equipped: bool = False) -> Found | None:
    """The cheapest calendar of a series around what is taken, or None when there is none.

    With `equipped` each lesson comes where it could have what it needs (see `equipping`). `priced` counts what laying out prices besides
    the objective (see `costing.extra_price`). Exact unless the orders are too many (see `orders.MOST_SETS`), or the week may have several
    lessons that not all have the same holders, whose loads are not told apart; then `least` is the cost of the cheapest calendar when any
    session may be held in place of any other, nobody has a load, and off_slot and order_shift cost nothing: no calendar that keeps the
    rules can undercut that. (Only there may None mean that a calendar was not found.)
    """
    if not case.series.sessions:
        return Found((), True, 0)
    board = Board.of(case, taken, priced)
    if board is None:
        return None
    allowed = board.allowed(equipped)
    ways = orders(allowed, board.pairs, board.alone) if all(allowed.values()) else None
    if ways is None:
        return None
    best = _over_slots(board, ways.in_listed_order, None)
    if not ways.is_single:
        best = _over_slots(board, ways, best) or best
    if best is None:
        return None
    mixed = (case.series.max_per_week or 1) > 1 and any(session.agents is not None for session in case.free)
    loose = None if ways.is_whole and not mixed else _cheapest(board, any_order(allowed), None, None)
    return _found(board, best, loose.cost if loose else None)


def _found(board: Board, best: _Path, least: int | None) -> Found:
    sessions, events = board.case.series.sessions, board.events
    where = {listed: events[index] for listed, index in best.steps}
    free = {session.id: Placed(session.id, where[n].date, where[n].slot_id) for n, session in enumerate(sessions)}
    places = tuple(where_pinned(session) if session.pin else free[session.id] for session in sessions)
    return Found(places, least is None, (best.cost if least is None else least) // UNIT)


# --- The cheapest calendar --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Path:
    """What a calendar costs, in parts of a unit, and which session (by listed place) is held at which event, in time order."""

    cost: int
    steps: tuple[tuple[int, int], ...]


def _over_slots(board: Board, ways: Orders, known: _Path | None) -> _Path | None:
    """The cheapest calendar with each slot guessed as the most used one. None when there is none, or none cheaper than the `known` one.

    A slot that can hold one lesson at most need not be guessed: where no slot holds more, all but one are outside of it, whichever it is.
    """
    first = _cheapest(board, ways, None, known.cost if known else None)
    if first is None:
        return None
    count, off = len(board.case.series.sessions), board.weights.get("off_slot", 0)
    used = Counter(board.events[index].slot_id for _, index in first.steps)
    best = _Path(first.cost + off * (count - max(used.values())), first.steps)
    if known is not None and known.cost <= best.cost:
        best = known
    for slot, uses in sorted(_uses(board).items(), key=lambda pair: (-pair[1], pair[0])):
        if uses > 1 and first.cost + off * (count - uses) < best.cost:
            best = _cheapest(board, ways, slot, best.cost) or best
    return best


def _uses(board: Board) -> dict[str, int]:
    """By slot: at most how many of the lessons it can hold."""
    weeks: dict[str, Counter[int]] = {}
    for event in board.events:
        weeks.setdefault(event.slot_id, Counter())[event.week] += 1
    most = board.most or 1
    return {slot: sum(max(min(count, most), 1) for count in found.values()) + len(board.fixed) for slot, found in weeks.items()}


class _Search:
    """The dynamic programme for one guess of the most used slot (None: off_slot costs nothing)."""

    def __init__(self, board: Board, ways: Orders, home: str | None, limit: int | None) -> None:
        self.board, self.ways, self.limit = board, ways, limit
        self.shift = board.weights.get("order_shift", 0)
        self.idle = board.weights.get("idle_weeks", 0)
        off = board.weights.get("off_slot", 0) if home is not None else 0
        self.cost = [cost + (off if event.slot_id != home else 0) for cost, event in zip(board.cost, board.events, strict=True)]
        self.tables: list[dict[int, tuple[int, int, int, int]]] = []
        """By event and state: the least cost, the event and the state before (-1: none), and the session held."""
        self.windows: dict[int, deque[tuple[int, int, int]]] = {}
        """By set of sessions: cost, event and state of the lessons in earlier weeks that the next may follow, the cheapest first."""


def _cheapest(board: Board, ways: Orders, home: str | None, limit: int | None) -> _Path | None:
    """The cheapest calendar under a guess, or None when there is none cheaper than `limit`."""
    search = _Search(board, ways, home, limit)
    entered = 0
    for index, event in enumerate(board.events):
        while entered <= board.upto[index]:
            _enter(search, entered)
            entered += 1
        search.tables.append({})
        week = search.idle * board.taught[event.week] + search.cost[index]
        if board.before[index] == 0:
            _extend(search, index, (0, 0, 0), (search.cost[index] + board.opening[index], -1, -1))
        for held, window in search.windows.items():
            while window and window[0][1] < board.low[index]:
                window.popleft()
            if window:
                cost, one, state = window[0]
                _extend(search, index, (held, 0, 0), (cost + week, one, state))
        for one in board.near[index]:
            _extend_near(search, index, one)
    return _ended(search)


def _enter(search: _Search, index: int) -> None:
    """Let the lesson of an event be followed by lessons of later weeks."""
    least: dict[int, tuple[int, int]] = {}
    for state, (cost, *_) in search.tables[index].items():
        held = state // (COUNTED * COUNTED)
        if held not in least or cost < least[held][0]:
            least[held] = cost, state
    paid = search.idle * search.board.taught[search.board.events[index].week + 1]
    for held, (cost, state) in least.items():
        window = search.windows.setdefault(held, deque())
        while window and window[-1][0] > cost - paid:
            window.pop()
        window.append((cost - paid, index, state))


def _extend_near(search: _Search, index: int, one: int) -> None:
    """Follow a lesson of the same week, or what was delivered after what was delivered."""
    before, event = search.board.events[one], search.board.events[index]
    taught = search.board.taught
    idle = search.idle * max(0, taught[event.week] - taught[before.week + 1])
    for state, (cost, *_) in search.tables[one].items():
        held, rest = divmod(state, COUNTED * COUNTED)
        of_week, of_day = divmod(rest, COUNTED) if before.week == event.week else (0, 0)
        _extend(search, index, (held, of_week, of_day if before.date == event.date else 0), (cost + idle + search.cost[index], one, state))


def _extend(search: _Search, index: int, state: tuple[int, int, int], come: tuple[int, int, int]) -> None:
    """Hold a lesson at an event: what stands there, or each of the sessions that may come next. `come` is the cost, from which event and
    state."""
    held, of_week, of_day = state
    cost, one, before = come
    board, event = search.board, search.board.events[index]
    place = search.ways.sizes[held] + board.before[index]
    if event.listed is not None:
        _put(search, index, state, (cost + search.shift * abs(place - event.listed), one, before, event.listed))
        return
    if board.most is not None and of_week + 1 + board.crowd[event.week] > board.most:
        return
    for step in search.ways.steps[held]:
        if step.allowed >> index & 1 and (load := board.load_kept(index, of_week + 1, of_day + 1, step.listed)) is not None:
            moved = search.shift * abs(place - step.listed) if step.listed >= 0 else 0
            _put(search, index, (step.to, of_week + 1, of_day + 1), (cost + load + moved, one, before, step.listed))


def _put(search: _Search, index: int, state: tuple[int, int, int], entry: tuple[int, int, int, int]) -> None:
    held, of_week, of_day = state
    key = (held * COUNTED + of_week) * COUNTED + of_day
    table = search.tables[index]
    if (search.limit is None or entry[0] < search.limit) and (key not in table or entry[0] < table[key][0]):
        table[key] = entry


def _ended(search: _Search) -> _Path | None:
    """The cheapest way to have held all, traced back from its last lesson."""
    board, best = search.board, None
    for index in range(max(board.fixed.values(), default=0), len(board.events)):
        for key, (cost, *_) in search.tables[index].items():
            total = cost + board.closing[index]
            if key // (COUNTED * COUNTED) == search.ways.full and (best is None or total < best[0]):
                best = total, index, key
    if best is None or (search.limit is not None and best[0] >= search.limit):
        return None
    steps, (total, index, key) = [], best
    while index >= 0:
        _, one, state, listed = search.tables[index][key]
        steps.append((listed, index))
        index, key = one, state
    return _Path(total, tuple(reversed(steps)))
