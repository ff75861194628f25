"""What was measured beside what it may be."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Lines as they come, and which budgets were not kept."""

    broken: list[str] = field(default_factory=list)

    def head(self, words: str) -> None:
        print(f"\n{words}\n{'-' * len(words)}", flush=True)

    def say(self, words: str) -> None:
        print(words, flush=True)

    def hold(self, name: str, value: float, limit: float, unit: str, *, at_least: bool = False) -> None:
        """One figure beside its budget: at most the limit, or `at_least` it."""
        kept = value >= limit if at_least else value <= limit
        sign = "≥" if at_least else "≤"
        print(f"{name:<58} {value:>9.2f} {unit:<3} (budget {sign} {limit:g}){'' if kept else '   NOT KEPT'}", flush=True)
        if not kept:
            self.broken.append(f"{name}: {value:.2f} {unit}, budget {sign} {limit:g}")

    def print_summary(self) -> None:
        self.head("Budgets not kept" if self.broken else "Every measured budget is kept")
        for line in self.broken:
            print(f"  {line}")
