"""What was measured beside what it may be: one table, line by line as it comes."""

from __future__ import annotations

import os
import platform
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

WIDTH = 66


@dataclass
class Table:
    """Lines as they come, and which budgets were not kept."""

    broken: list[str] = field(default_factory=list)
    held: int = 0

    def open(self, database: str) -> None:
        """What the figures are of: the machine, how busy it is with other things, and the database."""
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        sqlite = f" {sqlite3.sqlite_version}" if database == "sqlite" else ""
        print(f"{_processor()}, {os.cpu_count()} processors, load {load}; {platform.system()} {platform.release()}")
        print(f"Python {platform.python_version()}, {database}{sqlite}")
        print(f"\n{'what':<{WIDTH}} {'measured':>12}     budget", flush=True)

    def head(self, words: str) -> None:
        """A part of the table begins."""
        print(f"\n{words} {'-' * (WIDTH + 27 - len(words))}", flush=True)

    def note(self, name: str, value: float, unit: str, *, beside: str = "") -> None:
        """One figure that has no budget, and what else is to be known of it."""
        print(f"{name:<{WIDTH}} {_figure(value):>12} {unit:<3}{f'       {beside}' if beside else ''}".rstrip(), flush=True)

    def hold(self, name: str, value: float, limit: float, unit: str, *, at_least: bool = False, beside: str = "") -> None:
        """One figure beside its budget: at most the limit, or `at_least` it; and what else is to be known of it."""
        kept = value >= limit if at_least else value <= limit
        budget = f"{'≥' if at_least else '≤'} {limit:g}"
        words = [f"{budget:<6}", *([beside] if beside else []), *([] if kept else ["NOT KEPT"])]
        print(f"{name:<{WIDTH}} {_figure(value):>12} {unit:<3} {'   '.join(words)}".rstrip(), flush=True)
        self.held += 1
        if not kept:
            self.broken.append(f"{name}: {_figure(value)} {unit}, budget {budget}")

    def close(self) -> None:
        """Which budgets were not kept."""
        print(f"\n{self.held - len(self.broken)} of {self.held} budgets are kept{'. Not kept:' if self.broken else '.'}")
        for line in self.broken:
            print(f"  {line}")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}" if value < 100 else f"{value:.1f}"


def _processor() -> str:
    """What the machine's processor is called, where the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
