"""Hands and eyes on the agent's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from signaling_server.contract import messages as m
from signaling_server.contract.closing import CallCase
from tests.browser.desk_office import now_ms

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots" / "desk"
AXE = ROOT / "agent_web" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WATCH = """
addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective));
window.peers = [];
const Native = RTCPeerConnection;
window.RTCPeerConnection = class extends Native { constructor(...a) { super(...a); window.peers.push(this); } };
"""
AXE_CALL = """async (tags) => {
  const result = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
  return result.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(' | '));
}"""
EXPECTED_NOISE = ("Failed to load resource", "WebSocket connection to")  # refusals that a test asked for
CALL_ID = "call-0001"
CONTEXT = m.CallContext(screen="balance", account_masked="•••• •••• 4417", customer_name="")
SITE = "МФЦ Центрального района, Невский пр., 174"


def offered(**fields: Any) -> m.CallOffered:
    values = {"way": m.WayToTalk.SPEAK, "topic": "Перерасчёт", "waited_ms": 64_000, "ring_timeout_ms": 12_000, **fields}
    return m.CallOffered(m.OfferedCall(call_id=CALL_ID, token="token-1", site=SITE, context=CONTEXT, **values))


CASE = CallCase("26-000017", "23.11.2026", opened_at_ms=now_ms(), due_latest="2099-12-23")


def active(**fields: Any) -> m.ActiveCall:
    values = {"started_at_ms": now_ms(), "media_epoch": 1, "ice_servers": [], "topic": "Перерасчёт", **fields}
    values.setdefault("cases", [CASE])
    values.setdefault("way", m.WayToTalk.SPEAK)
    return m.ActiveCall(call_id=CALL_ID, site=SITE, context=CONTEXT, **values)


class DeskRobot:
    """Signs in, presses, waits for states, looks."""

    def __init__(self, page: Page, office: Any, password: str, login: str = "orlova") -> None:
        self.page = page
        self.office = office
        self.troubles: list[str] = []
        self._login, self._password = login, password
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_NOISE):
            self.troubles.append(message.text)

    async def open(self, path: str = "/", at: str | None = None) -> None:
        await self.page.add_init_script(WATCH)
        await self.page.goto((at or f"http://localhost:{self.office.port}") + path)

    async def sign_in(self) -> None:
        await self.get("login").fill(self._login)
        await self.get("password").fill(self._password)
        await self.get("sign-in").click()

    async def on_duty(self) -> None:
        """Signed in and ready."""
        await self.sign_in()
        await self.sees("not_ready")
        await self.get("ready").click()
        await self.office.obey(m.SetReady, m.AgentStateChanged(m.AgentState.READY))
        await self.sees("ready")

    async def in_call(self, **fields: Any) -> None:
        """In a conversation whose picture is still to come."""
        await self.on_duty()
        await self.office.say(offered())
        await self.sees("ringing")
        await self.get("accept").click()
        await self.office.obey(m.AcceptCall, m.CallStarted(active(**fields)))
        await self.sees("on_call")

    def get(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def sees(self, state: str) -> None:
        await expect(self.page.locator(f'[data-desk-state="{state}"]')).to_be_visible(timeout=8_000)

    async def reads(self, test_id: str, text: str) -> None:
        await expect(self.get(test_id)).to_contain_text(text, timeout=8_000)

    async def announced(self, role: str) -> str:
        """What a screen reader is told, urgently (`alert`) or politely (`status`)."""
        return await self.page.locator(f'.visually-hidden[role="{role}"]').inner_text()

    async def look(self, name: str, *, checks: bool = True) -> None:
        """Keeps a screenshot, and finds nothing against WCAG 2.2 AA nor wider than the window."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
        if not checks:
            return
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text("utf-8"))
        found = await self.page.evaluate(AXE_CALL, WCAG)
        assert found == [], f"{name}: {found}"
        overflow_px = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow_px <= 0, f"{name} is {overflow_px} px wider than its window"
