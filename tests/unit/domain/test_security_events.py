from __future__ import annotations

from uuid import uuid4

import pytest

from studyteddy.domain.security_events import MAX_DETAIL, MAX_DEVICE, NOBODY, Client, SecurityEvent, SecurityEventKind
from studyteddy.testing.accounts import NOW


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:aa:bb::1", "2001:db8:aa::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert Client.of(device="", address=address).network == network


def test_a_device_and_a_detail_stay_on_one_short_line() -> None:
    forged = 'curl\r\n{"event": "security"}\x1b[2J\u2028'
    client = Client.of(device=forged + "x" * 500, address="")
    event = SecurityEvent.of(
        SecurityEventKind.API_TOKEN_MADE, id=uuid4(), owner=None, client=NOBODY, at=NOW, detail=forged + "x" * 500
    )
    for text, limit in ((client.device, MAX_DEVICE), (event.detail, MAX_DETAIL)):
        assert text.startswith(r'curl\r\n{"event": "security"}\x1b[2J\u2028')
        assert text.isprintable()
        assert len(text) == limit
