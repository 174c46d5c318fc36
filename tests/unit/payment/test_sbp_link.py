"""Links of СБП: published ones agree with their check sums, damaged ones never pass."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.codes.sbp_link import SbpKind, SbpLink, SbpLinkError, compose, crc16, parse

ID = "AD10001246OADML79D5OP9279JLPI2V6"
# Links as banks' and payment services' examples print them in public.
PUBLISHED = [
    (
        f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=253&cur=RUB&crc=D959",
        SbpLink(ID, SbpKind.DYNAMIC, "100000000001", 253),
    ),
    (
        "https://qr.nspk.ru/AD20003FNSGB5S1G8IJPACMUOLTR9SOJ?type=02&bank=100000000001&sum=10700&cur=RUB&crc=B770",
        SbpLink("AD20003FNSGB5S1G8IJPACMUOLTR9SOJ", SbpKind.DYNAMIC, "100000000001", 10700),
    ),
    (
        "https://qr.nspk.ru/AS1A005O0HP24U9I8P0AN5VA03QFOL1F?type=01&bank=100000000111&crc=30da",
        SbpLink("AS1A005O0HP24U9I8P0AN5VA03QFOL1F", SbpKind.STATIC, "100000000111"),
    ),
]


def signed(text: str) -> str:
    return f"{text}&crc={crc16(text.encode()):04X}"


def test_the_check_sum_is_ccitt_false():
    assert crc16(b"123456789") == 0x29B1  # the check value of the catalogue of CRCs


@pytest.mark.parametrize(("text", "link"), PUBLISHED)
def test_a_published_link_is_read(text, link):
    assert parse(text) == link


@pytest.mark.parametrize(("text", "link"), PUBLISHED[:2])
def test_a_link_is_written_as_the_system_writes_it(text, link):
    assert compose(link) == text


@given(at=st.integers(0, len(PUBLISHED[0][0]) - 1), sign=st.characters())
def test_a_link_with_any_sign_changed_is_refused(at, sign):
    text = PUBLISHED[0][0]
    damaged = text[:at] + sign + text[at + 1 :]
    if damaged.upper() != text.upper():
        with pytest.raises(SbpLinkError):
            parse(damaged)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://qr.nspk.ru/",
        "https://qr.nspk.su/" + PUBLISHED[0][0][19:],
        f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=253&cur=RUB",
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001"),  # one payment of what?
        signed(f"https://qr.nspk.ru/{ID}?type=03&bank=100000000001&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=10000000001&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=0&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=2.53&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=253&cur=USD"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=253"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&type=02&bank=100000000001&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID[:-1]}?type=02&bank=100000000001&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID.lower()}?type=02&bank=100000000001&sum=253&cur=RUB"),
        signed(f"https://qr.nspk.ru/{ID}?type=02&bank=100000000001&sum=253&cur=RUB&x=" + "1" * 500),
    ],
)
def test_what_nothing_can_be_paid_by_is_refused(text):
    with pytest.raises(SbpLinkError):
        parse(text)


@given(
    qrc_id=st.from_regex(r"A[SD][0-9A-Z]{30}", fullmatch=True),
    kind=st.sampled_from(SbpKind),
    bank=st.from_regex(r"[0-9]{12}", fullmatch=True),
    asked=st.none() | st.integers(1, 10**12),
)
def test_what_is_composed_is_what_is_parsed(qrc_id, kind, bank, asked):
    link = SbpLink(qrc_id, kind, bank, asked)
    if asked is None and kind is SbpKind.DYNAMIC:
        with pytest.raises(SbpLinkError):
            compose(link)
    else:
        assert parse(compose(link)) == link


@pytest.mark.parametrize(
    "link",
    [
        SbpLink(ID + "&sum=1", SbpKind.DYNAMIC, "100000000001", 253),
        SbpLink(ID, SbpKind.DYNAMIC, "100000000001&x=1", 253),
        SbpLink(ID, SbpKind.DYNAMIC, "100000000001", 0),
        SbpLink("\ud800", SbpKind.DYNAMIC, "100000000001", 1),
    ],
)
def test_a_link_that_would_say_something_else_is_not_written(link):
    with pytest.raises(SbpLinkError):
        compose(link)


@given(
    st.text(max_size=200)
    | st.text(max_size=120).map(lambda tail: signed("https://qr.nspk.ru/" + tail.replace("\ud800", "")))
)
def test_any_text_ends_in_a_link_or_in_the_declared_error(text):
    with contextlib.suppress(SbpLinkError):
        parse(text)
