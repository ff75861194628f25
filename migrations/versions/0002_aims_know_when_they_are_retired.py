"""Aims know when they are retired, plans when they end, and Udir's words have a place."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cross_theme",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("official", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_cross_theme")),
    )
    with op.batch_alter_table("framework", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=10), nullable=True))

    with op.batch_alter_table("aim", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("explanation", sa.JSON(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_aim_previous_code"))
        batch_op.create_unique_constraint(batch_op.f("uq_aim_previous_code"), ["previous_code"])

    with op.batch_alter_table("aim", schema=None) as batch_op:
        batch_op.alter_column("is_withdrawn", server_default=None)
