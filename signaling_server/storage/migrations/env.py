"""Alembic runs inside the office, on the connection it is given; there is no alembic.ini."""

from alembic import context

from signaling_server.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
