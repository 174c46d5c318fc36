"""Migrations, case numbers and the classifier."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from signaling_server.cases.classifier import OBLIGATORY_GROUPS, TOPICS_PATH, ClassifierError, load_topics
from signaling_server.cases.register import case_number, open_case
from signaling_server.storage.engine import StorageError, open_database, sqlite_url
from signaling_server.storage.tables import METADATA


async def test_migrations_bring_an_empty_database_to_exactly_the_tables_of_the_code(tmp_path):
    for _ in range(2):  # the second start finds everything done
        database = await open_database(sqlite_url(tmp_path))
        async with database.begin() as tx:
            assert await tx.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), METADATA)) == []
        await database.dispose()


async def test_sqlite_is_opened_durable(tmp_path):
    database = await open_database(sqlite_url(tmp_path))
    async with database.begin() as tx:
        settings = [(await tx.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        assert settings == ["wal", 2]
        assert (await tx.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
    await database.dispose()


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:////nonexistent/office.db", "nonsense", "postgresql+none://x/y"])
async def test_a_database_that_cannot_be_opened_is_one_sentence(url):
    with pytest.raises(StorageError, match="База данных не открывается") as refusal:
        await open_database(url)
    assert "\n" not in str(refusal.value)


async def test_numbers_follow_each_other_and_begin_anew_each_year(tmp_path):
    database = await open_database(sqlite_url(tmp_path))

    async def number(now_s):
        async with database.begin() as tx:
            await tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            opened = await open_case(tx, call_id="c", terminal_id="t", agent_id="a", now_s=now_s)
            await tx.exec_driver_sql("DELETE FROM case_events")
            await tx.exec_driver_sql("DELETE FROM cases")
        return opened.number

    in_2026, in_2027 = 1_795_500_000.0, 1_800_000_000.0
    numbers = await asyncio.gather(*(number(in_2026) for _ in range(20)))
    assert sorted(numbers) == [case_number(2026, count) for count in range(1, 21)]
    assert await number(in_2027) == "27-000001"
    assert await number(in_2026) == "26-000021"
    await database.dispose()


def test_the_shipped_topics_hold_the_six_groups_with_several_topics_each():
    topics = load_topics()
    for group in OBLIGATORY_GROUPS:
        assert sum(topic.topic_id.startswith(f"{group}.") for topic in topics) >= 3


@pytest.mark.clause("6.1.2")
@pytest.mark.parametrize("group", OBLIGATORY_GROUPS)
def test_a_classifier_without_an_obligatory_group_does_not_open_the_office(tmp_path, group):
    path = tmp_path / "topics.toml"
    path.write_text(TOPICS_PATH.read_text("utf-8").replace(f'key = "{group}"', 'key = "other"'), "utf-8")
    with pytest.raises(ClassifierError, match=group):
        load_topics(path)


@pytest.mark.parametrize("text", ["not toml [", "group = 5", '[[group]]\nkey = "contract"'])
def test_an_unreadable_classifier_is_one_error(tmp_path, text):
    path = tmp_path / "topics.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ClassifierError, match=r"topics\.toml"):
        load_topics(path)


def test_a_repeated_topic_code_is_refused(tmp_path):
    path = tmp_path / "topics.toml"
    path.write_text(TOPICS_PATH.read_text("utf-8").replace("contract.change", "contract.conclude"), "utf-8")
    with pytest.raises(ClassifierError, match="повторяется"):
        load_topics(path)
