"""A technician's code becomes a terminal's certificate; anything else does not."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from office_bench import Crowd, place_order, running_office

from provisioning.contract import CodeError, EnrolRequest, plain_code, proof_hex, proof_key
from provisioning.terminal.enroll import EnrolError, OrderSlip, enroll
from provisioning.terminal.identity import IdentityError, load_identity

ROOT = __file__.rpartition("/tests/")[0]


@pytest.fixture
async def office(tmp_path):
    async with running_office(tmp_path / "office") as office:
        yield office


async def slip_of(office, tmp_path, **changes):
    issued = await place_order(tmp_path / "office")
    return replace(OrderSlip(office.terminal_url, issued.order_id, issued.code, issued.authority_sha256), **changes)


def make_csr(key=None):
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anything I like")])
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())


class Wire:
    """Speaks the exchange by hand, so it can cheat."""

    def __init__(self, http, url):
        self.http, self.url = http, url

    async def post(self, what, body):
        async with self.http.post(f"{self.url}/enrolment/{what}", json=body, ssl=False) as answer:
            return answer.status, await answer.json()

    async def request(self, slip, csr, code=""):
        _, nonce = await self.post("nonce", {"order_id": slip.order_id})
        key = proof_key(code or slip.code, slip.order_id)
        proof = proof_hex(key, csr.public_bytes(serialization.Encoding.DER), nonce["nonce_hex"])
        pem = csr.public_bytes(serialization.Encoding.PEM).decode()
        request = EnrolRequest(slip.order_id, nonce["nonce_hex"], pem, proof)
        return {name: getattr(request, name) for name in request.__struct_fields__}


@pytest.fixture
async def wire(office):
    async with Crowd() as crowd:
        yield Wire(await crowd.http(), office.terminal_url)


async def test_a_code_becomes_an_identity_and_a_second_run_changes_nothing(office, tmp_path):
    slip = await slip_of(office, tmp_path)
    folder = tmp_path / "identity"
    identity = await enroll(replace(slip, code=slip.code.lower().replace("-", " ")), folder)
    assert (identity.title, identity.site) == ("Терминал 1", "Невский, 1")
    assert {path.name for path in folder.iterdir()} == {"key.pem", "cert.pem", "authority.pem", "identity.json"}
    assert (folder / "key.pem").stat().st_mode & 0o777 == 0o600
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert await enroll(slip, folder) == identity
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


async def test_the_certificate_names_the_terminal_serves_a_client_only_and_lasts_ninety_days(office, tmp_path):
    identity = await enroll(await slip_of(office, tmp_path), tmp_path / "identity")
    certificate = x509.load_pem_x509_certificate((identity.folder / "cert.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.UniformResourceIdentifier(f"urn:terminal:{identity.terminal_id}")]
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days == 91
    assert "anything" not in certificate.subject.rfc4514_string()


async def test_five_wrong_codes_spend_the_order_for_good(office, tmp_path):
    slip = await slip_of(office, tmp_path)
    wrong = replace(slip, code="0000-0000-0000")
    told = []
    for _ in range(5):
        with pytest.raises(EnrolError) as refusal:
            await enroll(wrong, tmp_path / "identity")
        told.append(str(refusal.value))
    assert "Осталось попыток: 4" in told[0]
    assert "больше не действует" in told[4]
    with pytest.raises(EnrolError, match="больше не действует"):
        await enroll(slip, tmp_path / "identity")
    with pytest.raises(IdentityError):
        load_identity(tmp_path / "identity")


async def test_a_used_code_gives_no_second_terminal(office, tmp_path):
    slip = await slip_of(office, tmp_path)
    await enroll(slip, tmp_path / "first")
    with pytest.raises(EnrolError, match="больше не действует"):
        await enroll(slip, tmp_path / "second")


async def test_a_server_of_another_authority_is_not_spoken_to(office, tmp_path):
    slip = await slip_of(office, tmp_path, authority_sha256="0" * 64)
    with pytest.raises(EnrolError, match="не тот, что указан в заявке"):
        await enroll(slip, tmp_path / "identity")


async def test_a_name_the_server_has_no_certificate_for_is_refused(office, tmp_path):
    slip = await slip_of(office, tmp_path)
    elsewhere = replace(slip, server_url=slip.server_url.replace("127.0.0.1", "127.0.0.2"))
    with pytest.raises(EnrolError):
        await enroll(elsewhere, tmp_path / "identity")


async def test_an_overheard_exchange_cannot_be_replayed(office, tmp_path, wire):
    slip = await slip_of(office, tmp_path)
    request = await wire.request(slip, make_csr())
    assert (await wire.post("certificate", request))[0] == 200
    status, refusal = await wire.post("certificate", request)
    assert (status, refusal["error"]) == (409, "stale_nonce")
    _, fresh = await wire.post("nonce", {"order_id": slip.order_id})
    status, refusal = await wire.post("certificate", {**request, "nonce_hex": fresh["nonce_hex"]})
    assert (status, refusal["error"]) == (410, "code_spent")


async def test_a_lost_answer_may_be_asked_again_for_the_same_key_only(office, tmp_path, wire):
    slip = await slip_of(office, tmp_path)
    csr = make_csr()
    first = await wire.post("certificate", await wire.request(slip, csr))
    again = await wire.post("certificate", await wire.request(slip, csr))
    assert first == again
    assert first[0] == 200
    status, refusal = await wire.post("certificate", await wire.request(slip, make_csr()))
    assert (status, refusal["error"]) == (410, "code_spent")


async def test_a_proof_is_bound_to_its_csr(office, tmp_path, wire):
    slip = await slip_of(office, tmp_path)
    request = await wire.request(slip, make_csr())
    swapped = make_csr().public_bytes(serialization.Encoding.PEM).decode()
    status, refusal = await wire.post("certificate", {**request, "csr_pem": swapped})
    assert (status, refusal["error"], refusal["attempts_left"]) == (403, "wrong_proof", 4)


async def test_a_csr_of_another_kind_of_key_or_no_csr_is_refused(office, tmp_path, wire):
    slip = await slip_of(office, tmp_path)
    weak = await wire.request(slip, make_csr(rsa.generate_private_key(65537, 2048)))
    assert (await wire.post("certificate", weak))[1]["error"] == "bad_csr"
    none = {**await wire.request(slip, make_csr()), "csr_pem": "nothing"}
    assert (await wire.post("certificate", none))[1]["error"] == "bad_csr"


@pytest.mark.parametrize("what", ["nonce", "certificate"])
async def test_a_malformed_request_is_one_clear_refusal(wire, what):
    for body in ([], {"order_id": 5}, {"order_id": "x" * 20_000}):
        status, refusal = await wire.post(what, body)
        assert status in (400, 404)
        assert refusal["error"] in ("bad_request", "unknown_order")


async def test_strangers_are_limited_before_they_can_guess(wire):
    statuses = [(await wire.post("nonce", {"order_id": "NONE"}))[0] for _ in range(61)]
    assert statuses == [404] * 60 + [429]


async def test_a_server_that_is_not_there_is_one_sentence(tmp_path):
    slip = OrderSlip("https://127.0.0.1:9", "ORDER", "0000-0000-0000", "0" * 64)
    with pytest.raises(EnrolError, match="недоступен"):
        await enroll(slip, tmp_path / "identity")


@pytest.mark.parametrize("typed", ["", "0000", "0000-0000-000U", "ПАРОЛЬПАРОЛЬ", "0" * 13])
def test_what_is_no_code_is_told_before_anything_is_sent(typed):
    with pytest.raises(CodeError, match="12"):
        plain_code(typed)


def test_letters_that_look_like_digits_are_forgiven():
    assert plain_code("oO-iI-lL-abcdef") == "001111ABCDEF"


async def test_a_damaged_identity_says_so(office, tmp_path):
    folder = tmp_path / "identity"
    await enroll(await slip_of(office, tmp_path), folder)
    other = await enroll(await slip_of(office, tmp_path), tmp_path / "other")
    (folder / "key.pem").write_bytes((other.folder / "key.pem").read_bytes())
    with pytest.raises(IdentityError, match="ключ не от этого сертификата"):
        load_identity(folder)
    (folder / "cert.pem").write_text("nothing")
    with pytest.raises(IdentityError, match="повреждено"):
        load_identity(folder)


async def test_the_two_commands_do_it_from_the_shell(office, tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", *words, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )

    data = ("--data", str(tmp_path / "office"))
    ordered = await asyncio.to_thread(run, "signaling_server", "order", *data, "--title", "Т-7", "--site", "Зал")
    order = json.loads(ordered.stdout)
    words = ("provisioning", "setup", "--server", office.terminal_url, "--identity", str(tmp_path / "identity"))
    words += ("--order", order["order_id"], "--authority-sha256", order["authority_sha256"])
    wrong = await asyncio.to_thread(run, *words, "--code", "0000-0000-0000")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    done = await asyncio.to_thread(run, *words, "--code", order["code"])
    assert json.loads(done.stdout)["title"] == "Т-7"
    assert load_identity(tmp_path / "identity").server_url == office.terminal_url
