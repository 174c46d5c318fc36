"""The drawn bill, read back by the reader that the terminal's camera uses."""

from __future__ import annotations

from datetime import date

import pytest
import zxingcpp
from PIL import Image

from payment.__main__ import main
from payment.codes.bill_picture import MODULE_PX_MIN, QUIET_MODULES, BillPictureError, draw_bill
from payment.codes.gost_qr import PayeeAllowList, is_ours, parse
from payment.sandbox.bill import make_bill
from payment.sandbox.seed import DEMO_ACCOUNT, PAYEE_INN, PAYEE_PERSONAL_ACCOUNT

OURS = PayeeAllowList(frozenset({PAYEE_INN}), frozenset({PAYEE_PERSONAL_ACCOUNT}))
TODAY = date(2026, 12, 3)


def _read(picture: Image.Image) -> bytes:
    (found,) = zxingcpp.read_barcodes(picture)
    return bytes(found.bytes)


@pytest.mark.parametrize(("degrees", "percent"), [(0, 100), (0, 50), (7, 70), (90, 60), (-25, 80)])
def test_a_camera_reads_the_bill_tilted_and_from_afar(degrees, percent):
    picture = draw_bill(*make_bill(DEMO_ACCOUNT, 1_543_21, TODAY)).rotate(degrees, expand=True, fillcolor="grey")
    small = picture.resize((picture.width * percent // 100, picture.height * percent // 100))
    bill = parse(_read(small))
    assert (bill.account, bill.sum_minor, bill.period) == (DEMO_ACCOUNT, 1_543_21, "112026")
    assert is_ours(bill, OURS)


def test_a_foreign_bill_is_a_good_bill_of_others():
    bill = parse(_read(draw_bill(*make_bill(DEMO_ACCOUNT, 100, TODAY, foreign=True))))
    assert not is_ours(bill, OURS)


def test_the_words_name_the_month_before_across_the_new_year():
    text, payload = make_bill(DEMO_ACCOUNT, 1, date(2027, 1, 31))
    assert (text.period, parse(payload).period) == ("декабрь 2026", "122026")


def test_the_code_keeps_its_quiet_zone_and_is_coarse_enough():
    picture = draw_bill(*make_bill(DEMO_ACCOUNT, 1_543_21, TODAY)).convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    corner = found.position.top_left
    quiet_px = QUIET_MODULES * MODULE_PX_MIN
    around = picture.crop((corner.x - quiet_px, corner.y - quiet_px, corner.x - 1, corner.y + 7 * MODULE_PX_MIN))
    assert around.getextrema() == (255, 255)


def test_a_code_too_fine_for_a_camera_is_refused():
    text, _ = make_bill(DEMO_ACCOUNT, 1, TODAY)
    with pytest.raises(BillPictureError):
        draw_bill(text, b"1" * 900)


def test_the_command_writes_a_picture_and_names_it(tmp_path, capsys):
    path = tmp_path / "bill.png"
    assert main(["qr", "--account", DEMO_ACCOUNT, "--sum-minor", "154321", "--out", str(path)]) == 0
    assert capsys.readouterr().out.strip() == str(path)
    with Image.open(path) as picture:
        assert parse(_read(picture)).sum_minor == 1_543_21


@pytest.mark.parametrize(
    ("account", "sum_minor", "file"),
    [("12a", "1", "b.png"), ("", "1", "b.png"), ("1", "0", "b.png"), ("1", "-5", "b.png"), ("1", "1", "absent/b.png")],
)
def test_the_command_refuses_in_one_sentence(tmp_path, capsys, account, sum_minor, file):
    path = tmp_path / file
    assert main(["qr", "--account", account, "--sum-minor", sum_minor, "--out", str(path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not path.exists()
