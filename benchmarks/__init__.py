"""Measurements against the budgets, as ratios within one run: machines and their neighbours differ."""
