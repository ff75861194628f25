"""One series exactly: no plan the checker lets pass is cheaper, and there is none where laying out finds none."""

import pytest
from hypothesis import HealthCheck, given, settings

from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import Infeasible, Plan, Problem
from tests.curriculum.planning.engine.any_problem import any_problem, cost, plans_of, price


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_problem())
def test_of_all_plans_the_cheapest_is_found_or_none_where_there_is_none(asked: Problem) -> None:
    every = list(plans_of(asked))
    answer = lay_out(asked)
    assert isinstance(answer, Infeasible) is (every == [])
    if isinstance(answer, Plan):
        assert check(asked, answer).violations == ()
        assert answer.objective == cost(asked, answer)
        least = min(price(asked, plan) for plan in every)
        assert price(asked, answer) == least
        assert answer.bound == (min(cost(asked, plan) for plan in every) if answer.objective else 0)
        assert answer.status == ("optimal" if answer.objective == answer.bound else "greedy")
        earliest = min(sum(one.date.toordinal() for one in plan.sessions) for plan in every if price(asked, plan) == least)
        assert sum(one.date.toordinal() for one in answer.sessions) == earliest
