"""What the screens of visits were about: topics of the classifier, articles of the Справочник"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit_events", sa.Column("topic", sa.String(length=64), server_default="", nullable=False))
    op.add_column("visit_events", sa.Column("article", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("visit_events", "article")
    op.drop_column("visit_events", "topic")
