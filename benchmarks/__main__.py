"""`make bench`: every figure of docs/budgets.md that a machine can measure, as ratios within one run wherever it is a speed."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import growth, house, parents, staff
from benchmarks.table import Table


def main() -> None:
    """Measure what is asked for, print it, and end with 1 when a budget is not kept and `--strict` asks for that."""
    options = _options()
    table = Table()
    with tempfile.TemporaryDirectory(prefix="kursrekka-bench-") as folder:
        built = house.build(Path(folder), options.database)
        if "parents" in options.what:
            parents.measure(built, table, requests=options.requests)
        if "staff" in options.what:
            staff.measure(built, table)
        if "growth" in options.what:
            growth.measure(built, table, options.times)
    table.print_summary()
    raise SystemExit(1 if options.strict and table.broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("what", nargs="*", default=["parents", "staff", "growth"], help="parents, staff, growth (all when none is named)")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--requests", type=int, default=3000, help="requests per server and round")
    parser.add_argument("--times", type=int, nargs="*", default=[10, 100], help="how many times the demo's data")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a budget is not kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
