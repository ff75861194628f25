"""`make bench`: how fast the pages are, as ratios within one run wherever it is a speed; each figure beside its budget."""

from __future__ import annotations

import argparse

from benchmarks import growth, parents, staff
from benchmarks.house import built
from benchmarks.table import Table

PARTS = ("parents", "staff", "growth")


def main() -> None:
    """Measure what is asked for and print it. It measures, it does not judge: only `--strict` ends with 1 when a budget is not kept."""
    options = _options()
    table = Table()
    table.open(options.database)
    with built(options.database) as house:
        if "parents" in options.what:
            parents.measure(house, table, requests=options.requests)
        if "staff" in options.what:
            staff.measure(house, table)
        if "growth" in options.what:
            growth.measure(house, table, options.times)
    table.close()
    raise SystemExit(1 if options.strict and table.broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="*", default=PARTS, help="parents, staff, growth (all when none is named)")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--requests", type=int, default=3000, help="requests per server and round")
    parser.add_argument("--times", type=int, nargs="*", default=[10, 100], help="how many times the demo's data, smallest first")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a budget is not kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
