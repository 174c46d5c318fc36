"""A call with third parties: the office with its Janus, a terminal's core and media, Chromium for each employee."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from office_bench import PASSWORD, add_agent, enrol_terminal, running_office
from playwright.async_api import Browser, Page, async_playwright, expect

from signaling_server.contract.messages import WayToTalk
from signaling_server.office import Office
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel, connect
from terminal_app.ipc.frame_ring import FrameReader
from terminal_app.ipc.messages import Liveness, Screen, TerminalState
from terminal_app.run import terminal_programs
from terminal_app.supervisor import Child, Family, Program

ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"),
    *("--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"),
    "--use-fake-device-for-media-stream=fps=20",  # software encoding is dear on a shared machine
]
PEOPLE = {
    "anna": ("Соколова", ("agent",)),
    "inna": ("Иванова", ("agent",)),
    "petr": ("Петрова", ("agent", "supervisor")),
}
WAIT_S_MAX = 40.0
PICTURE_MS_MAX = 30_000


@dataclass
class Glass:
    """What one ring of the terminal showed, and when: seconds of the monotonic clock."""

    times_s: list[float] = field(default_factory=list)

    def longest_gap_s(self, from_s: float, until_s: float) -> float:
        """Without a new picture."""
        inside = [from_s, *(at for at in self.times_s if from_s <= at <= until_s), until_s]
        return max(after - before for before, after in pairwise(inside))


class RoomScene:
    def __init__(self, folder: Path, office: Office, browser: Browser, changed: Callable[[Program], Program]) -> None:
        self.folder, self.office = folder, office
        self.agent, self.beside = Glass(), Glass()
        self.pages: dict[str, Page] = {}
        self.family = Family()
        self._changed = changed
        self.media: Child | None = None
        self.state: TerminalState | None = None
        self._browser = browser
        self._channel: Channel[TerminalState] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open_page(self, login: str, *, ready: bool = False) -> Page:
        context = await self._browser.new_context(viewport={"width": 1366, "height": 900}, locale="ru-RU")
        page = self.pages[login] = await context.new_page()
        page.set_default_timeout(PICTURE_MS_MAX)
        await page.goto(self.office.desk_url.replace("127.0.0.1", "localhost"))
        await page.get_by_test_id("login").fill(login)
        await page.get_by_test_id("password").fill(PASSWORD)
        await page.get_by_test_id("sign-in").click()
        await self.sees(page, "not_ready")
        if ready:
            await page.get_by_test_id("ready").click()
            await self.sees(page, "ready")
        return page

    async def open_terminal(self) -> None:
        identity = await enrol_terminal(self.folder / "office", self.office.terminal_url, "Терминал 1")
        run_dir, config = self.folder / "run", self.folder / "terminal.toml"
        run_dir.mkdir()
        (self.folder / "data").mkdir()
        config.write_text(
            f'data_dir = "{self.folder / "data"}"\n[devices]\ncamera = "camera://pattern"\n'
            f'sound = "sound://tone?hz=440"\n[office]\nurl = "{self.office.terminal_url}"\n'
            f'identity_dir = "{identity.folder}"\n'
        )
        for program in terminal_programs(config, run_dir, None):
            if program.name != "ui":
                child = await self.family.add(self._changed(program))
                self.media = child if program.name == "media" else self.media
        self._channel = await asyncio.wait_for(connect(run_dir / "core.sock", TerminalState), WAIT_S_MAX)
        self._channel.send(ipc.UiHello(os.getpid()))
        self._tasks = [
            asyncio.create_task(self._listen(self._channel)),
            asyncio.create_task(self._look(FrameReader(run_dir / "agent.ring"), self.agent)),
            asyncio.create_task(self._look(FrameReader(run_dir / "beside.ring"), self.beside)),
        ]
        await self.until(lambda state: state.availability.agents_on_duty > 0 and state.availability.camera)

    async def call(self) -> None:
        """Anna's, to a picture at both ends."""
        self.press(ipc.StartCall())
        await self.until(lambda state: state.screen is Screen.CALL_WAY)
        self.press(ipc.ChooseWay(WayToTalk.SPEAK))
        await self.pages["anna"].get_by_test_id("accept").click()
        await self.until(lambda state: state.call is not None and state.call.liveness is Liveness.LIVE)
        await self.sees_customer("anna")

    async def invite(self, login: str, role: str, host: str = "anna") -> Page:
        """By the agent of the call; he comes."""
        agent, guest = self.pages[host], self.pages[login]
        await agent.get_by_test_id("invite-open").locator("summary").click()
        await expect(agent.get_by_test_id("invite-who")).to_contain_text(PEOPLE[login][0])
        option = agent.get_by_test_id("invite-who").locator("option", has_text=PEOPLE[login][0])
        await agent.get_by_test_id("invite-who").select_option(await option.get_attribute("value"))
        await agent.get_by_test_id(f"invite-{role}").click()
        await guest.get_by_test_id("invitation-accept").click()
        await self.sees(guest, "guest")
        return guest

    def press(self, command: ipc.UiToCore) -> None:
        assert self._channel is not None
        self._channel.send(command)

    @staticmethod
    async def sees(page: Page, state: str) -> None:
        await expect(page.locator(f'[data-desk-state="{state}"]')).to_be_visible(timeout=PICTURE_MS_MAX)

    async def sees_customer(self, login: str) -> None:
        """The main picture of this page moves."""
        page = self.pages[login]
        await expect(page.get_by_test_id("liveness")).to_have_attribute("data-liveness", "live", timeout=PICTURE_MS_MAX)
        await page.wait_for_function(
            "() => document.querySelector('[data-testid=remote-video]').videoWidth > 0", timeout=PICTURE_MS_MAX
        )

    async def sees_others(self, login: str, count: int) -> None:
        """So many other parties' pictures play on this page."""
        script = """(count) => {
          const videos = [...document.querySelectorAll('[data-testid=other-video]')];
          return videos.length === count && videos.every((video) => video.videoWidth > 0 && video.currentTime > 0);
        }"""
        await self.pages[login].wait_for_function(script, arg=count, timeout=PICTURE_MS_MAX)

    async def hears_others(self, login: str, count: int) -> None:
        """So many other parties are played on this page, seen or not."""
        videos = self.pages[login].get_by_test_id("other-video")
        await expect(videos).to_have_count(count, timeout=PICTURE_MS_MAX)
        script = """() => [...document.querySelectorAll('[data-testid=other-video]')].every(
          (video) => video.srcObject.getAudioTracks().some((track) => !track.muted))"""
        await self.pages[login].wait_for_function(script, timeout=PICTURE_MS_MAX)

    async def until(self, holds: Callable[[TerminalState], bool], what: str = "a state of the terminal") -> None:
        end_s = time.monotonic() + WAIT_S_MAX
        while self.state is None or not holds(self.state):
            assert time.monotonic() < end_s, f"not seen: {what}; call {self.state and self.state.call}"
            await asyncio.sleep(0.02)

    async def until_shown(self, glass: Glass, after_s: float) -> float:
        """When this ring showed its first picture after a moment."""
        end_s = time.monotonic() + WAIT_S_MAX
        while not (found := [at for at in glass.times_s if at > after_s]):
            assert time.monotonic() < end_s, "no picture"
            await asyncio.sleep(0.02)
        return found[0]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.family.stop()

    async def _listen(self, channel: Channel[TerminalState]) -> None:
        while (state := await channel.receive()) is not None:
            self.state = state

    async def _look(self, ring: FrameReader, glass: Glass) -> None:
        while True:
            await asyncio.sleep(0.005)
            if ring.latest() is not None:
                glass.times_s.append(time.monotonic())


@contextlib.asynccontextmanager
async def room_scene(
    folder: Path, changed: Callable[[Program], Program] = lambda program: program
) -> AsyncIterator[RoomScene]:
    """Anna is ready; Inna and Petr have their pages open; the terminal may call. `changed`: how its programs run."""
    for login, (last_name, roles) in PEOPLE.items():
        await add_agent(folder / "office", login, last_name, roles=roles)
    async with running_office(folder / "office") as office, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        scene = RoomScene(folder, office, browser, changed)
        try:
            await scene.open_page("anna", ready=True)
            await scene.open_page("inna")
            await scene.open_terminal()
            yield scene
        finally:
            await scene.close()
            await browser.close()
