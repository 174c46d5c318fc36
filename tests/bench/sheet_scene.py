"""A sheet of A4 with Russian print in a hand's perspective, as a terminal's camera sees it: seeded, its corners known.

Uneven light, a shadow over a part of it, a room behind it, the lens's blur, the sensor's noise, MJPG. Serves test and
bench (`bench_sheet.py` has it read by a peer).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]

LONG_MM, SHORT_MM = 297.0, 210.0
DPI = 300
POINTS = 10
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
FINER = 2  # the scene is drawn larger, then made smaller: letters fade as in a lens
TEXT = (
    "Гарантирующий поставщик обязуется подавать потребителю электрическую энергию, а потребитель обязуется оплачивать "
    "принятую энергию и соблюдать режим её потребления. Расчётный период равен одному календарному месяцу. Показания "
    "прибора учёта № 011876503 снимаются с 15 по 25 число. Сумма к оплате за ноябрь составила 3 214,56 руб., срок "
    "оплаты до 10.12.2026. При просрочке начисляется пеня в размере одной трёхсотой ставки рефинансирования. "
)


@dataclass(frozen=True, slots=True)
class Scene:
    """`corners` of the sheet as it lies: from its upper left one, clockwise, in pixels of `picture`."""

    picture: Pixels
    corners: npt.NDArray[np.float32]


def printed_page() -> tuple[Pixels, str]:
    """A lying sheet at 300 dots an inch, and what stands on it line by line."""
    width, height = round(LONG_MM / 25.4 * DPI), round(SHORT_MM / 25.4 * DPI)
    sheet = Image.new("RGB", (width, height), (252, 251, 247))
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, round(POINTS / 72 * DPI))
    margin, leading = round(15 / 25.4 * DPI), round(POINTS * 1.5 / 72 * DPI)
    lines, line, top = [], "", margin
    for word in TEXT.split() * 20:
        if pen.textlength(f"{line} {word}".strip(), font=font) > width - 2 * margin:
            pen.text((margin, top), line, fill=(25, 25, 30), font=font)
            lines.append(line)
            line, top = "", top + leading
            if top > height - margin - leading:
                break
        line = f"{line} {word}".strip()
    return np.ascontiguousarray(np.asarray(sheet)[:, :, ::-1]), "\n".join(lines)


def held(page: Pixels, size: tuple[int, int], seed: int, *, part: float = 0.9) -> Scene:
    """`size` of the picture; the sheet's short side takes about `part` of its height."""
    rng = np.random.default_rng(seed)
    width, height = size
    half_h = height * part / 2
    half_w = half_h * LONG_MM / SHORT_MM
    turn = np.deg2rad(rng.uniform(-4, 4))
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):  # a little turned, nearer at one side
        nearer = 1 + 0.05 * x * rng.uniform(-1, 1) + 0.03 * y * rng.uniform(-1, 1)
        across, down = x * half_w * nearer, y * half_h * nearer
        corners.append((across * np.cos(turn) - down * np.sin(turn), across * np.sin(turn) + down * np.cos(turn)))
    points = np.array(corners)
    points *= min(1.0, 0.96 * half_h / part / np.abs(points[:, 1]).max())
    points += (width / 2 + rng.uniform(-0.03, 0.03) * width, height / 2)
    true = points.astype(np.float32)
    return Scene(_seen(page, true, size, rng), true)


def _seen(page: Pixels, corners: npt.NDArray[np.float32], size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    width, height = size
    fine = (width * FINER, height * FINER)
    page_h, page_w = page.shape[:2]
    ends = np.array([(0, 0), (page_w, 0), (page_w, page_h), (0, page_h)], np.float32)
    turn = cv2.getPerspectiveTransform(ends, corners * FINER)
    shrink = page_w / (float(np.linalg.norm(corners[1] - corners[0])) * FINER)
    soft = cv2.GaussianBlur(page, (0, 0), max(0.3, 0.45 * shrink))
    room = _room(fine, rng)
    paper = cv2.warpPerspective(soft, turn, fine, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), turn, fine)[..., None] / 255.0
    scene = (paper * mask + room * (1 - mask)).astype(np.float32)
    scene *= _light(fine, rng)[..., None]
    small = cv2.resize(scene, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.5)
    small += rng.normal(0, 3.5, small.shape)
    stored = cv2.imencode(".jpg", np.clip(small, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)


def _room(size: tuple[int, int], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """What stands behind the customer, out of focus."""
    width, height = size
    rough = rng.uniform(30, 120, (6, 9, 3)).astype(np.float32)
    return np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _light(size: tuple[int, int], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Falls from one side, with the soft shadow of a hand."""
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 0.92 - 0.3 * rng.uniform(0.5, 1) * np.abs(across - rng.choice((0.0, 1.0)))
    x, y = rng.uniform(0.25, 0.75, 2)
    shadow = np.exp(-(((across - x) / 0.22) ** 2 + ((down - y) / 0.3) ** 2))
    return np.asarray(light * (1 - 0.35 * shadow), np.float32)
