"""What the tests of delivery share."""

import pytest
from sqlalchemy.orm import Session

from tests.curriculum.summaries.world import World, build


@pytest.fixture
def world(db: Session) -> World:
    return build(db)
