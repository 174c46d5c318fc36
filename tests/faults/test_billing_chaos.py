"""Pays against a chaotic billing: none is credited twice, and the count sees a client or a billing that would."""

from __future__ import annotations

import pytest
from billing_chaos import FAULTS, SABOTAGES, run_shard

from payment.billing.osmp_dialects import DIALECTS

PAYS = 4_000


@pytest.mark.parametrize("seed", range(len(DIALECTS)), ids=list(DIALECTS))
def test_no_payment_is_credited_twice_or_lost_in_any_dialect(seed):
    figures = run_shard(seed, PAYS)
    assert figures.wrong == 0, figures
    assert figures.pays == PAYS
    assert figures.requests > PAYS * 5 // 4
    assert figures.faults > 10 * len(FAULTS)


def test_the_same_seed_is_the_same_run():
    assert run_shard(7, 500) == run_shard(7, 500) != run_shard(11, 500)


@pytest.mark.parametrize(
    ("sabotage", "seen"),
    [
        ("new-number", "doubled"),
        ("trust-any-answer", "lost"),
        ("trust-any-cancel", "kept_and_credited"),
        ("unknown-is-final", "kept_and_credited"),
        ("forgetful-billing", "kept_and_credited"),
    ],
)
def test_every_sabotage_is_seen(sabotage, seen):
    assert sabotage in SABOTAGES
    assert getattr(run_shard(2, PAYS, sabotage), seen) > 0
