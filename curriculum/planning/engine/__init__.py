"""The planner itself: a problem in plain values goes in, a plan or the reasons against one come out. No database, no clock, no web."""
