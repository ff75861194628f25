"""Plans can be thrown away, and a lesson's history tells what happened and at which time of day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("thrown_away_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("move", sa.Column("kind", sa.String(length=10), nullable=False, server_default="moved"))
    op.add_column("move", sa.Column("old_start", sa.Time(), nullable=True))
    op.add_column("move", sa.Column("new_start", sa.Time(), nullable=True))
