"""What parents read and understand is counted, by district and week and by theme."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_reading_times")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_reading_district_id_district")),
        sa.PrimaryKeyConstraint("district_id", "year", "week", name=op.f("pk_reading")),
    )
    op.create_table(
        "understood",
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer in ('yes', 'partly', 'no')", name=op.f("ck_understood_answer")),
        sa.CheckConstraint("times > 0", name=op.f("ck_understood_times")),
        sa.ForeignKeyConstraint(["theme_id"], ["document.id"], name=op.f("fk_understood_theme_id_document")),
        sa.PrimaryKeyConstraint("theme_id", "answer", name=op.f("pk_understood")),
    )
