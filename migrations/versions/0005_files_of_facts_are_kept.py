"""Files of facts are kept as they came, with their notes on where the facts are from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_fact_file_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_file")),
        sa.UniqueConstraint("district_id", "kind", "name", name=op.f("uq_fact_file_district_id_kind_name")),
    )
    op.create_index(op.f("ix_fact_file_district_id"), "fact_file", ["district_id"])
