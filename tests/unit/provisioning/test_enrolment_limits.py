"""How long codes and nonces live, in told time, and what the authority keeps."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.contract import (
    NONCE_LIFE_S,
    ORDER_LIFE_DAYS,
    EnrolRequest,
    Order,
    OrderState,
    proof_hex,
    proof_key,
)
from provisioning.office.authority import AuthorityError, open_authority
from provisioning.office.enrolment import NONCES_MAX, Enrolment, EnrolmentError


class Shelf:
    """An OfficeStore in memory."""

    def __init__(self):
        self.orders: dict[str, Order] = {}
        self.terminals: dict[str, str] = {}

    async def add_order(self, order):
        self.orders[order.order_id] = order

    async def order(self, order_id):
        return self.orders.get(order_id)

    async def set_order(self, order):
        self.orders[order.order_id] = order

    async def terminal_certified(self, *, terminal_id, title, site, fingerprint_hex, at_ms):
        self.terminals[terminal_id] = fingerprint_hex


class Office:
    def __init__(self, folder):
        self.now_s = 1_795_500_000.0
        self.shelf = Shelf()
        self.enrolment = Enrolment(self.shelf, open_authority(folder), lambda: self.now_s)

    async def order(self):
        return await self.enrolment.place_order(title="Т", site="С", created_by="test")

    async def request(self, issued):
        name = x509.Name([])
        key = ec.generate_private_key(ec.SECP256R1())
        csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
        nonce = (await self.enrolment.nonce(issued.order_id)).nonce_hex
        form = serialization.Encoding
        proof = proof_hex(proof_key(issued.code, issued.order_id), csr.public_bytes(form.DER), nonce)
        return EnrolRequest(issued.order_id, nonce, csr.public_bytes(form.PEM).decode(), proof)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path / "authority")


async def test_neither_the_code_nor_anything_that_shows_it_is_kept(office):
    issued = await office.order()
    assert issued.code.replace("-", "") not in repr(office.shelf.orders)


async def test_a_spent_order_forgets_its_key(office):
    issued = await office.order()
    for _ in range(5):
        request = await office.request(issued)
        with pytest.raises(EnrolmentError):
            await office.enrolment.certificate(
                EnrolRequest(request.order_id, request.nonce_hex, request.csr_pem, "0" * 64)
            )
    order = office.shelf.orders[issued.order_id]
    assert (order.state, order.attempts_left, order.proof_key_hex) == (OrderState.SPENT, 0, "")


async def test_a_code_lives_two_weeks(office):
    issued = await office.order()
    office.now_s += ORDER_LIFE_DAYS * 86_400 - 1
    await office.enrolment.nonce(issued.order_id)
    office.now_s += 2
    with pytest.raises(EnrolmentError) as refusal:
        await office.enrolment.nonce(issued.order_id)
    assert refusal.value.error == "code_spent"


async def test_a_nonce_lives_two_minutes(office):
    request = await office.request(await office.order())
    office.now_s += NONCE_LIFE_S + 1
    with pytest.raises(EnrolmentError) as refusal:
        await office.enrolment.certificate(request)
    assert refusal.value.error == "stale_nonce"


async def test_a_nonce_of_one_order_does_not_serve_another(office):
    request, other = await office.request(await office.order()), await office.order()
    with pytest.raises(EnrolmentError) as refusal:
        await office.enrolment.certificate(
            EnrolRequest(other.order_id, request.nonce_hex, request.csr_pem, request.proof_hex)
        )
    assert refusal.value.error == "stale_nonce"
    assert office.shelf.orders[other.order_id].attempts_left == 5, "a replay costs the order nothing"


async def test_nonces_cannot_fill_the_memory(office):
    issued = await office.order()
    for _ in range(NONCES_MAX + 50):
        await office.enrolment.nonce(issued.order_id)
    assert len(office.enrolment._nonces) == NONCES_MAX


def test_the_authority_is_the_same_after_a_restart_and_its_key_is_for_its_owner_only(tmp_path):
    first = open_authority(tmp_path / "a")
    assert open_authority(tmp_path / "a").public_key_sha256 == first.public_key_sha256
    assert (tmp_path / "a" / "root_key.pem").stat().st_mode & 0o777 == 0o600


def test_a_damaged_authority_is_refused_and_never_silently_replaced(tmp_path):
    open_authority(tmp_path / "a")
    open_authority(tmp_path / "b")
    key = tmp_path / "a" / "root_key.pem"
    key.write_bytes((tmp_path / "b" / "root_key.pem").read_bytes())
    with pytest.raises(AuthorityError, match="повреждён"):
        open_authority(tmp_path / "a")
    key.unlink()
    with pytest.raises(AuthorityError, match="повреждён"):
        open_authority(tmp_path / "a")


def test_the_server_certificate_is_kept_and_made_anew_for_other_names(tmp_path):
    authority = open_authority(tmp_path)
    path = tmp_path / "server_certificate.pem"
    authority.server_context(["office.example"])
    first = path.read_bytes()
    authority.server_context(["office.example"])
    assert path.read_bytes() == first
    authority.server_context(["office.example", "10.0.0.5"])
    assert path.read_bytes() != first
