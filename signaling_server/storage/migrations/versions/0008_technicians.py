"""Cards of technicians beside those of collectors"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("money_collectors") as table:
        table.add_column(sa.Column("role", sa.String(length=16), server_default="collector", nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM money_collectors WHERE role <> 'collector'")  # else they could empty cassettes
    with op.batch_alter_table("money_collectors") as table:
        table.drop_column("role")
