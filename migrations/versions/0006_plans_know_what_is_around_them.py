"""Plans know rooms, presenters, travel, absences, cycles and joint lessons; changes can be taken back, teachers propose, mail waits to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ONE_OF_THREE = (
    "(person_id is not null and class_id is null and school_id is null)"
    " or (person_id is null and class_id is not null and school_id is null)"
    " or (person_id is null and class_id is null and school_id is not null)"
)


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_mail_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "presenter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("schools", sa.JSON(), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_presenter_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presenter")),
        sa.UniqueConstraint("district_id", "name", name=op.f("uq_presenter_district_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_presenter_public_id")),
    )
    with op.batch_alter_table("presenter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presenter_district_id"), ["district_id"], unique=False)

    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("lessons", sa.JSON(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_plan_change_by_id_person")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_plan_change_district_id_district")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_plan_change_undone_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_change_public_id")),
    )
    with op.batch_alter_table("plan_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_change_district_id"), ["district_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_absence_by_id_person")),
        sa.ForeignKeyConstraint(["change_id"], ["plan_change.id"], name=op.f("fk_absence_change_id_plan_change")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_absence_district_id_district")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_change_id"), ["change_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("busy", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_room_district_id_district")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_room_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_public_id")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_room_school_id_name")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_room_school_id"), ["school_id"], unique=False)

    op.create_table(
        "travel",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("school_id < other_id", name=op.f("ck_travel_order")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_travel_district_id_district")),
        sa.ForeignKeyConstraint(["other_id"], ["school.id"], name=op.f("fk_travel_other_id_school")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_travel_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "other_id", name=op.f("pk_travel")),
    )
    with op.batch_alter_table("travel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_district_id"), ["district_id"], unique=False)

    op.create_table(
        "workload",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("max_per_day", sa.Integer(), nullable=True),
        sa.Column("max_per_week", sa.Integer(), nullable=True),
        sa.Column("target_per_day", sa.Integer(), nullable=True),
        sa.Column("target_per_week", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_workload_district_id_district")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_workload_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_workload")),
    )
    with op.batch_alter_table("workload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workload_district_id"), ["district_id"], unique=False)

    op.create_table(
        "plan_change_series",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["plan_change.id"], name=op.f("fk_plan_change_series_change_id_plan_change")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_plan_change_series_series_id_series")),
        sa.PrimaryKeyConstraint("change_id", "series_id", name=op.f("pk_plan_change_series")),
    )
    with op.batch_alter_table("plan_change_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_change_series_series_id"), ["series_id"], unique=False)

    op.create_table(
        "date_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("stood_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("wish", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'accepted', 'declined')", name=op.f("ck_date_proposal_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_date_proposal_answered_by_id_person")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_date_proposal_district_id_district")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_date_proposal_lesson_id_lesson")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_date_proposal_public_id")),
    )
    with op.batch_alter_table("date_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_date_proposal_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_date_proposal_lesson_id"), ["lesson_id"], unique=False)

    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.add_column(sa.Column("class_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("school_id", sa.Integer(), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_calendar_feed_one_of_three"), ONE_OF_THREE)
        batch_op.create_index(batch_op.f("ix_calendar_feed_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_feed_school_id"), ["school_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_calendar_feed_school_id_school"), "school", ["school_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_calendar_feed_class_id_school_class"), "school_class", ["class_id"], ["id"])

    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default="closed"))
        batch_op.add_column(sa.Column("grades", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("class_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_closed_days_kind"), "kind in ('closed', 'avoided', 'heeded')")
        batch_op.create_index(batch_op.f("ix_closed_days_class_id"), ["class_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_closed_days_class_id_school_class"), "school_class", ["class_id"], ["id"])

    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("presenter_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("presenter_answer", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("fallback_theme_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("joint", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("by_teacher", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("carried_from_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_lesson_joint"), ["joint"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_presenter_id"), ["presenter_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_lesson_fallback_theme_id_document"), "document", ["fallback_theme_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_lesson_carried_from_id_lesson"), "lesson", ["carried_from_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_lesson_presenter_id_presenter"), "presenter", ["presenter_id"], ["id"])

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_series_confirmed_by_id_person"), "person", ["confirmed_by_id"], ["id"])

    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cycle_anchor", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cycle_every", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cycle_weeks", sa.JSON(), nullable=False, server_default="[]"))
