"""A sheet shown in a call: real office, core and media; the camera holds a printed page, the agent is a socket."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provisioning.terminal.identity import Identity
from signaling_server.contract.cases import CaseKind
from signaling_server.contract.messages import (
    AgentPing,
    CallAccepted,
    CallEnded,
    CallRequested,
    CloseWrapUp,
    CommandDone,
    DutyChanged,
    EndCall,
    WayToTalk,
    encode,
)
from signaling_server.contract.stills import (
    STILL_SIZE_MAX,
    AskStill,
    AttachStill,
    StillAsked,
    StillState,
    StillTold,
    WithdrawStill,
)
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose
from tests.bench.sheet_scene import LONG_MM, SHORT_MM, printed_page
from tests.integration.office_bench import Crowd, Peer, add_agent, enrol_terminal, running_office, take_call
from tests.integration.test_call_cards_whole import Talk, talking

CAMERA = "camera://pattern?width=1920&height=1080&held="


def held_page(folder: Path) -> str:
    path = folder / "page.png"
    page, _ = printed_page()
    cv2.imwrite(str(path), cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return CAMERA + str(path)


async def told(page: Peer, state: StillState) -> StillTold:
    await page.send(AgentPing(1))  # a page that is silent for 10 s has left the call
    while (now := await page.expect(StillTold)).state is not state:
        pass
    return now


async def status_of(talk: Talk, path: str) -> int:
    async with talk.http.get(talk.desk_url + path) as answer:
        return answer.status


@pytest.mark.clause("6.1.1", owner="terminal_app")
async def test_a_sheet_is_asked_for_shown_sent_seen_attached_and_gone_with_the_call(tmp_path):
    async with talking(tmp_path, camera=held_page(tmp_path)) as (talk, _, office_data):
        bench, page, call_id = talk.bench, talk.page, talk.call_id
        path = f"/api/calls/{call_id}/stills/s1"
        await page.send(AskStill(call_id, "s1"))
        await told(page, StillState.ASKED)
        await bench.sees_page("still_offer")
        assert await status_of(talk, path) == 404
        bench.press(Choose("still_offer", "allow"))
        await told(page, StillState.HOLDING)
        await bench.sees(lambda state: state.photo_hint == "good", "it is well held")
        await bench.sees_page("still_shot")  # taken by itself
        bench.press(Choose("still_shot", "send"))
        await told(page, StillState.SENT)
        await bench.sees_screen(Screen.CALL_LIVE)
        async with talk.http.get(talk.desk_url + path) as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")
            assert answer.headers["Cache-Control"] == "no-store"
            picture = np.asarray(Image.open(io.BytesIO(await answer.read())))
        assert picture.shape[1] / picture.shape[0] == pytest.approx(LONG_MM / SHORT_MM, abs=0.03)
        assert np.median(picture) > 235  # paper, evenly lit
        assert picture.min() < 60  # and ink

        form = encode(AttachStill(call_id, "s1"))
        for _ in range(2):
            async with talk.http.post(f"{talk.desk_url}/api/stills/attach", data=form) as answer:
                assert answer.status == 204
        await page.send(AskStill(call_id, "s2"))
        await bench.sees_page("still_offer")
        bench.press(Choose("still_offer", "no"))
        await told(page, StillState.DECLINED)
        await page.send(EndCall("end", call_id))
        await page.expect(CallEnded)
        assert await status_of(talk, path) == 200  # while the form is filled in
        await page.send(CloseWrapUp("close", call_id, CaseKind.QUESTION, "charges.explain", "Разобрались"))
        while (await page.expect(CommandDone)).command_id != "close":
            pass
        assert await status_of(talk, path) == 404
        with sqlite3.connect(office_data / "office.db") as database:
            rows = database.execute("SELECT attachment_id, media_type, length(content) > 0 FROM case_attachments")
            assert rows.fetchall() == [("s1", "image/jpeg", 1)]


async def test_a_link_takes_one_picture_from_its_own_terminal_and_nothing_else(tmp_path):
    data = tmp_path / "office"
    await add_agent(data, "anna")
    await add_agent(data, "vera", "Белова")
    async with running_office(data) as office, Crowd() as crowd:
        url = office.terminal_url
        mine, other = [await enrol_terminal(data, url, name) for name in ("Терминал 1", "Терминал 2")]
        terminal = await crowd.terminal(url, mine)
        anna = await crowd.signed_in(office.desk_url)
        page = await crowd.page(office.desk_url, anna)
        await terminal.expect(DutyChanged)
        await terminal.send(CallRequested("r1", WayToTalk.SPEAK))
        call_id = await take_call(page)
        await terminal.expect(CallAccepted)

        async def asked(still_id: str) -> str:
            await page.send(AskStill(call_id, still_id))
            return (await terminal.expect(StillAsked)).path

        async def put(path: str, content: bytes, identity: Identity = mine) -> int:
            http = await crowd.http()
            async with http.put(url + path, data=content, ssl=identity.ssl_context()) as answer:
                return answer.status

        stored = io.BytesIO()
        Image.new("RGB", (300, 200), "white").save(stored, "PNG", pnginfo=_secret())
        picture, path = stored.getvalue(), await asked("s1")
        assert await put(path, picture, other) == 404
        assert await put(path, b"%PDF-1.4 no picture") == 422
        assert await put(path, b"\0" * (STILL_SIZE_MAX + 1)) == 413
        assert await put(path, picture) == 204
        assert await put(path, picture) == 404  # spent
        old = await asked("s2")
        path = await asked("s3")
        assert await put(old, picture) == 404  # only the last one asked for
        await page.send(WithdrawStill(call_id, "s3"))
        await terminal.expect(WithdrawStill)
        assert await put(path, picture) == 404

        still = f"{office.desk_url}/api/calls/{call_id}/stills/s1"
        async with anna.get(still) as answer:
            assert b"secret" not in await answer.read()  # drawn anew
        async with (await crowd.signed_in(office.desk_url, "vera")).get(still) as answer:
            assert answer.status == 404
        async with (await crowd.http()).get(still) as answer:
            assert answer.status == 401
        path = await asked("s4")
        await page.send(EndCall("end", call_id))
        await page.expect(CallEnded)
        assert await put(path, picture) == 404


def _secret() -> PngInfo:
    info = PngInfo()
    info.add_text("comment", "secret")
    return info
