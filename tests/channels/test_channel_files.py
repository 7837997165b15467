"""How each channel fetches a file that a customer sent: from hosts of its platform, with its account's word for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from sayso.channels.contract import Account, Attached, Attaching, Channel
from sayso.channels.registry import OURS, known, loaded
from sayso.errors import NotFound, Upstream
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.web.fetching import owned

BAR = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "UTC", {}, ())
SECRETS = {"bot_token": "42:tok", "access_token": "tok", "account_sid": "AC1", "auth_token": "word"}
HANDLES = {
    "telegram": "AgACAgQ_x-1",
    "line": "325708",
    "whatsapp": "1003383421387256",
    "messenger": "https://cdn.fbsbx.com/v/t59/a.png?oh=1",
    "instagram": "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1",
    "sms": "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
    "mms": "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
    "wechat": "bm-9_x",
    "rcs": "https://rcs-user-content-eu.storage.googleapis.com/407b434c/0f37f034",
}
THEN = {
    "telegram": (
        {"ok": True, "result": {"file_id": "x", "file_path": "photos/file 1.jpg"}},
        "https://api.telegram.org/file/bot42:tok/photos/file%201.jpg",
    ),
    "whatsapp": (
        {"url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", "id": "1003383421387256"},
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
    ),
}


def account(name: str) -> Account:
    spec = ChannelSpec(name, "1", {key: f"env:{key}" for key in SECRETS})
    return Account(BAR, spec, SECRETS)


@pytest.mark.parametrize("name", sorted(HANDLES))
def test_a_file_is_fetched_from_hosts_of_the_platform(name: str) -> None:
    """The first call, and the second where the first one's answer tells the address."""
    channel: Any = loaded(name, known()[name])
    assert isinstance(channel, Channel) and isinstance(channel, Attaching)
    attached = Attached("image", HANDLES[name])
    call = channel.attachment(attached, account(name))
    assert call is not None
    assert owned(urlsplit(call.url).hostname or "", channel.capabilities.hosts)
    if name in THEN:
        told, url = THEN[name]
        then = channel.attachment_at(orjson.dumps(told), attached, account(name))
        assert then is not None and then.url == url
        assert owned(urlsplit(then.url).hostname or "", channel.capabilities.hosts)


@pytest.mark.parametrize("name", sorted(HANDLES))
@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff\xe0", b"", b"[]", b"null", b'{"url": 3}', b'{"a": {}}', b"%PDF-1.7"]
)
def test_a_file_itself_leads_nowhere(name: str, content: bytes) -> None:
    """A picture, a document, JSON that a customer sent: it is the file."""
    channel: Any = loaded(name, known()[name])
    attached = Attached("document", HANDLES[name])
    assert channel.attachment_at(content, attached, account(name)) is None


@pytest.mark.parametrize("name", ["messenger", "instagram"])
def test_a_signed_address_gets_no_token(name: str) -> None:
    """It works without."""
    channel: Any = loaded(name, known()[name])
    call = channel.attachment(Attached("image", HANDLES[name]), account(name))
    assert call is not None and "tok" not in str(call.headers) + call.url


def test_wechat_tells_errors_as_if_they_were_files() -> None:
    """They are none: a stale token may work later, a media id that has ended will not."""
    channel: Any = loaded("wechat", OURS["wechat"])
    for code, error in ((40007, NotFound), (40001, Upstream)):
        with pytest.raises(error):
            channel.attachment_at(orjson.dumps({"errcode": code}), Attached("image", "m"), account("wechat"))


def test_what_another_party_holds_is_not_fetched() -> None:
    """LINE tells the address of somebody else's server."""
    channel: Any = loaded("line", OURS["line"])
    assert channel.attachment(Attached("image", "https://elsewhere.example/a.png"), account("line")) is None
