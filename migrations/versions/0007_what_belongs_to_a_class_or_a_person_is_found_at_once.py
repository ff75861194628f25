"""What belongs to a class or a person is found at once, however large the district is."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_lesson_class_class_id"), "lesson_class", ["class_id"])
    op.create_index(op.f("ix_lesson_staff_person_id"), "lesson_staff", ["person_id"])
    op.create_index(op.f("ix_series_agent_person_id"), "series_agent", ["person_id"])
    op.create_index(op.f("ix_class_taken_from_from_id"), "class_taken_from", ["from_id"])
    op.create_index(op.f("ix_assignment_school_id"), "assignment", ["school_id"])
