"""The consultant's plate on the real glass: in every state of a call, on every screen of it, read off the pixels."""

from __future__ import annotations

import pytest
from call_states import CAPTION, PLATE
from kiosk_bench import Kiosk
from msgspec.structs import replace
from PIL import Image
from terminal_states import CALL, STATES, WRITTEN, at, card_state

from terminal_app.content import contrast
from terminal_app.ipc.messages import Liveness, Screen
from terminal_app.ipc.modes import Modes, TextSize
from terminal_app.ui import theme

CONTRAST_MIN = 7.0
FULL_NAME = f"{PLATE.last_name} {PLATE.first_name} {PLATE.patronymic}"
OF_A_CALL = {
    "connecting": at(Screen.CALL_LIVE, call=CALL),
    "live": at(Screen.CALL_LIVE, call=replace(CALL, liveness=Liveness.LIVE, agent_has_video=True)),
    "hold": card_state("pause", text="Консультант проверяет информацию"),
    "camera off": at(Screen.CALL_LIVE, call=replace(CALL, liveness=Liveness.LIVE, agent_has_video=False)),
    "path lost": at(Screen.CALL_LIVE, call=replace(CALL, liveness=Liveness.RECONNECTING)),
    "words over the picture": at(Screen.CALL_LIVE, call=WRITTEN),
    "pad": STATES["call_pad"],
    "keyboard": STATES["call_typing"],
    "what was written": STATES["call_notes"],
    "card": card_state("question_own", text=CAPTION),
}
LOOKS = [Modes(), Modes(contrast=True), Modes(text_size=TextSize.LARGE), Modes(text_size=TextSize.LARGEST)]


def plate_faults(kiosk: Kiosk, state, path) -> list[str]:
    """What of the plate is missing, or cannot be read, in the picture of this state."""
    tree = kiosk.show(state)
    kiosk.picture(path)
    words = [node for node in tree["nodes"] if node["role"] != "picture" and not node["within"]]
    found: list[str] = []
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    for part in (FULL_NAME, PLATE.position, PLATE.company):
        nodes = [node for node in words if part in node["name"].replace("\u00a0", " ")]
        if not nodes:
            found.append(f"no «{part}»")
            continue
        node = nodes[0]
        x, y, width, height = (round(node[name]) for name in ("x", "y", "width", "height"))
        if node["clipped"] or x < 0 or y < 0 or x + width > tree["width"] or y + height > tree["height"]:
            found.append(f"«{part}» is cut")
        seen = contrast_within(picture.crop((x, y, x + width, y + height)))
        if seen < CONTRAST_MIN:
            found.append(f"«{part}» has a contrast of {seen:.1f}")
    if not found and not logo_beside(picture, next(node for node in words if FULL_NAME in node["name"])):
        found.append("no logo")
    return found


def contrast_within(picture: Image.Image) -> float:
    """Of the ink to its ground: the ground is the commonest colour, the ink is what is furthest from it."""
    colours = [
        (count, "#{:02X}{:02X}{:02X}".format(*rgb)) for count, rgb in picture.getcolors(picture.width * picture.height)
    ]
    ground = max(colours)[1]
    return max(contrast(colour, ground) for _, colour in colours)


def logo_beside(picture: Image.Image, name: dict) -> bool:
    """The logo's own colour, to the left of the name."""
    logo = tuple(round(part * 255) for part in theme.colours.logo[:3])
    left = picture.crop((0, round(name["y"]) - 40, round(name["x"]), round(name["y"] + name["height"]) + 40))
    return any(rgb == logo and count > 100 for count, rgb in left.getcolors(left.width * left.height))


@pytest.mark.clause("9.1.3", owner="terminal_app")
@pytest.mark.parametrize("modes", LOOKS, ids=["usual", "contrast", "large", "largest"])
def test_the_plate_stands_readable_in_every_state_and_on_every_screen_of_a_call(kiosk: Kiosk, tmp_path, modes):
    seen = {
        name: plate_faults(kiosk, replace(state, modes=modes), tmp_path / "s.png") for name, state in OF_A_CALL.items()
    }
    assert {name: faults for name, faults in seen.items() if faults} == {}


@pytest.mark.parametrize("modes", LOOKS[::3], ids=["usual", "largest"])
def test_the_plate_stands_on_a_lying_glass_too(lying_kiosk: Kiosk, tmp_path, modes):
    seen = {
        name: plate_faults(lying_kiosk, replace(state, modes=modes), tmp_path / "s.png")
        for name, state in OF_A_CALL.items()
    }
    assert {name: faults for name, faults in seen.items() if faults} == {}


def test_no_plate_stands_where_nobody_is_on_the_line(kiosk: Kiosk):
    for name in ("attract", "call_waiting", "call_result"):
        words = [node["name"] for node in kiosk.show(STATES[name])["nodes"]]
        assert not any(PLATE.last_name in word for word in words), name
