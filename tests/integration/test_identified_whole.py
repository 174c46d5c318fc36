"""Known by phone and code with the real core, the real office, a gateway of SMS and the billing; then forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from device_drivers.simulators.pcsc_card import UID, VirtualCard
from payment.sandbox.seed import DEMO_ACCOUNT, FAMILY_PHONE
from signaling_server.messaging.far_end import FarEnd
from terminal_app.core.collectors import TECHNICIANS_FILE
from terminal_app.core.office_facts import FILE as FACTS_FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, Enter, OpenService
from tests.integration import office_bench
from tests.integration.core_bench import ATTRIBUTE, WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import until
from tests.integration.pcsc_bench import Card, Daemon

PHONE = "+79990004321"


class IdentityStand:
    """A terminal at an office; the probe of core's memory is in it."""

    def __init__(self, bench: CoreBench, far_end: FarEnd) -> None:
        self.bench = bench
        self.far_end = far_end

    async def asks_by_phone(self) -> None:
        """From the first screen to the question of the phone."""
        await self.bench.sees(
            lambda state: state.screen is Screen.ATTRACT and state.availability.billing and state.availability.server,
            "office and billing",
        )
        facts = self.bench.folder / "data" / FACTS_FILE

        async def told() -> bool:
            return facts.exists()

        await until(told, WAIT_S)  # what the office gives
        self.bench.press(ipc.StartPayment())
        await self.bench.sees_screen(Screen.ACCOUNT_ENTRY)
        self.bench.press(OpenService("by_phone"))

    async def code_of_sms(self) -> str:
        codes: list[str] = []

        async def code_came() -> bool:
            codes[:] = [match[0] for letter in self.far_end.arrived if (match := re.match(r"\d{6}", letter.body))]
            return bool(codes)

        await until(code_came)
        return codes[-1]

    async def held(self, needles: list[str]) -> set[str]:
        """Which of these lie in a live object of core."""
        return set(await self.found(needles))

    async def found(self, needles: list[str]) -> dict[str, list[str]]:
        """The same with the places."""
        out = self.bench.folder / "probe.json"
        out.unlink(missing_ok=True)
        (self.bench.folder / "needles.json").write_text(json.dumps(needles), "utf-8")
        assert self.bench.core is not None
        self.bench.core.send_signal(signal.SIGUSR1)

        async def told() -> bool:
            return out.exists()

        await until(told, WAIT_S)
        return json.loads(out.read_text("utf-8"))["found"]


@contextlib.asynccontextmanager
async def identity_stand(
    tmp_path: Path, *, sms: bool = True, settings: str = "", card_reader: str = ""
) -> AsyncIterator[IdentityStand]:
    office_data, folder = tmp_path / "office", tmp_path / "terminal"
    office_data.mkdir()
    folder.mkdir()
    far_end = FarEnd()
    await far_end.start()
    if sms:
        ways = f'[messaging]\nsms_url = "http://127.0.0.1:{far_end.http_port}/sms"\n'
        (office_data / "office.toml").write_text(ways, "utf-8")
    process, said = await office_bench.serve_process(office_data)
    try:
        url = said["terminal_url"]
        await office_bench.enrol_terminal(office_data, url, "t1")
        async with core_bench(folder) as bench:
            probe = ("-m", "tests.integration.memory_probe", str(folder / "probe.json"), str(folder / "needles.json"))
            bench.program = (*probe, "terminal_app")
            bench.settings = f'[office]\nurl = "{url}"\nidentity_dir = "{tmp_path / "identity-t1"}"\n{settings}'
            if card_reader:
                bench.setting("card_reader", card_reader)
            await bench.start()
            yield IdentityStand(bench, far_end)
    finally:
        process.kill()
        await process.wait()
        await far_end.stop()


async def test_phone_and_code_open_the_account_and_are_forgotten_with_the_visit(tmp_path):
    async with identity_stand(tmp_path) as stand:
        await stand.asks_by_phone()
        await stand.bench.sees_page("by_phone")
        stand.bench.press(Enter("by_phone", PHONE))
        await stand.bench.sees_page("phone_code")
        code = await stand.code_of_sms()
        stand.bench.press(Enter("phone_code", f"{(int(code) + 1) % 1_000_000:06d}"))
        wrong = await stand.bench.sees(
            lambda state: state.page is not None and state.page.entry is not None and bool(state.page.entry.error.text),
            "the wrong code",
        )
        assert wrong.account is wrong.balance is None
        assert "Осталось попыток: 2" in wrong.page.entry.error.text
        stand.bench.press(Enter("phone_code", code))
        known = await stand.bench.sees_screen(Screen.BALANCE)
        assert known.account.account == DEMO_ACCOUNT
        assert known.balance.due_minor == 1_543_21
        needles = [PHONE, PHONE[2:], code, DEMO_ACCOUNT, known.account.address_masked]

        async def code_is_gone() -> bool:
            return await stand.held(needles) == {*needles} - {code}

        stand.bench.press(ipc.UiAlive(1))  # once a second from a real screen: the last press lies nowhere
        await until(code_is_gone, WAIT_S)  # as soon as it has served; the phone is offered again within the visit
        stand.bench.press(ipc.GoHome())
        await stand.bench.sees_screen(Screen.ATTRACT)

        async def wiped() -> bool:
            return await stand.held(needles) == set()

        await until(wiped, WAIT_S)
        await stand.bench.stop()
        data = stand.bench.folder / "data"
        kept = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}
        for needle in needles:
            assert [name for name, content in kept.items() if needle.encode() in content] == []


async def test_who_leaves_in_the_middle_leaves_neither_phone_nor_code_nor_addresses(tmp_path):
    async with identity_stand(tmp_path) as stand:
        await stand.asks_by_phone()
        await stand.bench.sees_page("by_phone")
        stand.bench.press(Enter("by_phone", FAMILY_PHONE))
        await stand.bench.sees_page("phone_code")
        code = await stand.code_of_sms()
        stand.bench.press(Enter("phone_code", code))
        several = await stand.bench.sees_page("by_phone.accounts")
        assert [choice.hint.values for choice in several.page.choices[:2]] == [{"tail": "0090"}, {"tail": "0116"}]
        addresses = [choice.title.text for choice in several.page.choices[:2]]
        needles = [FAMILY_PHONE, code, "100000090", "100000116", *addresses]
        assert await stand.held(needles) >= {FAMILY_PHONE, *addresses}, "the probe sees what is there"
        stand.bench.press(ipc.GoHome())
        await stand.bench.sees_screen(Screen.ATTRACT)

        async def wiped() -> bool:
            return await stand.held(needles) == set()

        await until(wiped, WAIT_S)


async def commanded(office_data: Path, stdin: str, *words: str) -> str:
    """A command of the office, with what is typed into it."""
    program = [sys.executable, "-m", "signaling_server", *words, "--data", str(office_data)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*program, cwd=office_bench.ROOT, stdin=pipe, stdout=pipe)
    said, _ = await process.communicate(f"{stdin}\n".encode())
    assert process.returncode == 0
    return said.decode()


async def test_a_card_stands_for_the_number_its_second_attribute_is_asked_and_the_card_is_forgotten(
    tmp_path, monkeypatch
):
    daemon = Daemon(tmp_path)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(daemon.socket_path))
    daemon.start()
    agreed = "[rules]\ncards_identify = true\n"
    try:
        async with identity_stand(tmp_path, settings=agreed, card_reader="pcsc://Virtual PCD 00 00") as stand:
            bench, office_data = stand.bench, tmp_path / "office"
            await bench.sees(lambda state: state.availability.card_reader, "the reader")
            first = Card(daemon.port, VirtualCard())
            unknown = await stand.bench.sees_page("by_card")
            assert unknown.page.sentence.text.startswith("Эта карта не связана со счётом")
            first.take_out()
            await commanded(office_data, UID.hex(), "customer-card", "bind", "--account", DEMO_ACCOUNT)
            again = Card(daemon.port, VirtualCard())
            known = await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
            assert (known.account.account, known.balance) == (DEMO_ACCOUNT, None)
            bench.press(ipc.ConfirmAccount())
            asked = await bench.sees_screen(Screen.SECOND_ATTRIBUTE)
            assert asked.balance is None
            bench.press(ipc.SubmitSecondAttribute(ATTRIBUTE))
            assert (await bench.sees_screen(Screen.BALANCE)).balance.due_minor == 1_543_21
            bench.press(ipc.GoHome())
            await bench.sees_screen(Screen.ATTRACT)
            again.take_out()
            needles = [UID.hex(), UID.hex().upper(), DEMO_ACCOUNT, known.account.address_masked]

            async def wiped() -> bool:
                return await stand.held(needles) == set()

            await until(wiped, WAIT_S)
            daemon.kill()
            await bench.sees(lambda state: not state.availability.card_reader, "no reader, no way")
            daemon.start()
            await bench.sees(lambda state: state.availability.card_reader, "the reader is back by itself")
            staff = VirtualCard(uid=bytes.fromhex("0badc0de01"))
            await commanded(office_data, "246813", "technician", "add", "--name", "Техник", "--card", "0badc0de01")
            await bench.stop()
            await bench.start()  # the next link tells it of the technician
            technicians = bench.folder / "data" / TECHNICIANS_FILE

            async def told() -> bool:
                return technicians.exists() and "0badc0de01" in technicians.read_text("utf-8")

            await until(told, WAIT_S)
            await bench.sees(lambda state: state.availability.card_reader, "the reader again")
            held = Card(daemon.port, staff)
            await stand.bench.sees_page("service_pin")  # whoever works here is no customer
            held.take_out()
            await bench.stop()
            for path in [*(bench.folder / "data").rglob("*"), *office_data.rglob("*")]:
                assert not path.is_file() or UID.hex().encode() not in path.read_bytes().lower()
    finally:
        daemon.kill()


async def test_an_office_without_a_gateway_says_so_and_the_number_is_typed(tmp_path):
    async with identity_stand(tmp_path, sms=False) as stand:
        await stand.asks_by_phone()
        said = await stand.bench.sees_page("by_phone.stopped")
        assert said.page.sentence.key == "by_phone.no_sms"
        stand.bench.press(Choose("by_phone.stopped", "account"))
        await stand.bench.sees_screen(Screen.ACCOUNT_ENTRY)
        stand.bench.press(ipc.SubmitAccount(DEMO_ACCOUNT))
        await stand.bench.sees_screen(Screen.ACCOUNT_CONFIRM)
