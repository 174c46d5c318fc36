"""Results of cases of calls, and what was said of the ЛКК"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("result", sa.String(length=16), server_default="", nullable=False))
    op.add_column("calls", sa.Column("portal", sa.String(length=16), server_default="not_asked", nullable=False))


def downgrade() -> None:
    op.drop_column("calls", "portal")
    op.drop_column("cases", "result")
