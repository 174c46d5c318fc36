"""A paper bill in a room, turned, tilted and noisy: read by the terminal's own search, parsed, known as ours."""

from __future__ import annotations

import random

from device_drivers.camera.codes import CodeSearch
from payment.codes.gost_qr import PayeeAllowList, is_ours, parse
from payment.sandbox.seed import PAYEE
from tests.bench.bench_codes import bill_payload, draw_code, draw_scene

SCENES = 30


def test_a_bill_at_three_pixels_a_module_is_read_in_nearly_every_scene():
    payload, chance, search = bill_payload(), random.Random(56042), CodeSearch()
    code = draw_code(payload)
    found = [[one.payload for one in search.look(draw_scene(code, chance))] for _ in range(SCENES)]
    assert found.count([payload]) >= SCENES - 1
    assert {tuple(codes) for codes in found} <= {(payload,), ()}  # never a wrong code
    assert is_ours(parse(payload), PayeeAllowList(frozenset({PAYEE.inn}), frozenset({PAYEE.personal_account})))


def test_a_room_without_a_bill_has_no_code():
    chance, search, code = random.Random(1), CodeSearch(), draw_code(bill_payload())
    assert [search.look(draw_scene(code, chance, with_code=False)) for _ in range(9)] == [[]] * 9
