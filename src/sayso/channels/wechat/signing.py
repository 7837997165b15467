"""What WeChat signs and encrypts. Pure.

    signature       hex SHA-1 of the sorted token, timestamp and nonce, together
    msg_signature   the same with the encrypted text among them
    encryption      AES-256-CBC, key = base64(EncodingAESKey + "="), iv = key[:16], PKCS#7 to 32 bytes; inside are 16
                    random bytes, the length (4 bytes, big-endian), the text, the app id
    JS-SDK          SHA-1 of "jsapi_ticket=..&noncestr=..&timestamp=..&url=..", the url without its fragment
    mini program    SHA-1 of the raw data and the session key
    WeChat Pay v3   RSA-SHA256 over "time\\nnonce\\nbody\\n"; the resource is AES-256-GCM with the API v3 key

Sources: wechatpy `crypto`, `utils`; WeChat's "Message encryption", WeChat Pay's "Callback" (2026-11-21).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import datetime

import orjson
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256

from sayso.channels.contract import Forbidden, same

BLOCK = 32
PAY_FRESH_S = 300
"""Seconds after which a notice of WeChat Pay is refused."""


def signature(*parts: str) -> str:
    """Of a request or of an encrypted text."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()


def decrypted(text: str, aes_key: str, app_id: str) -> bytes:
    """What was encrypted for the app. Raises Forbidden for anything else: why is nobody's business."""
    try:
        key = base64.b64decode(aes_key + "=", validate=True)
        hidden = base64.b64decode(text, validate=True)
        opened = Cipher(AES(key), CBC(key[:16])).decryptor()
        plain = opened.update(hidden) + opened.finalize()
    except (binascii.Error, ValueError) as error:
        raise _unreadable() from error
    pad = plain[-1] if plain else 0
    size = int.from_bytes(plain[16:20], "big")
    content, owner = plain[20 : 20 + size], plain[20 + size : -pad] if pad else b""
    if not 1 <= pad <= BLOCK or len(content) != size or not same(owner.decode("utf-8", "replace"), app_id):
        raise _unreadable()
    return content


def _unreadable() -> Forbidden:
    return Forbidden(
        "this is not encrypted for the account",
        where="body",
        mend="check encoding_aes_key and app_id",
        code="bad_encryption",
    )


def js_signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """For wx.config of the JS-SDK on a page of ours."""
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(said.encode()).hexdigest()


def data_signature(raw_data: str, session_key: str) -> str:
    """Of what a mini program tells of its user."""
    return hashlib.sha1((raw_data + session_key).encode()).hexdigest()


def pay_notice(headers: Mapping[str, str], body: bytes, key: RSAPublicKey, api_key: str, now: datetime) -> bytes:
    """What a notice of WeChat Pay tells, proven and opened. `headers` have names in small letters; `key` is the
    platform's that Wechatpay-Serial names. Raises Forbidden for one that is not theirs, or is old."""
    time, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    if not (time.isascii() and time.isdigit()) or abs(now.timestamp() - int(time)) > PAY_FRESH_S:
        raise Forbidden("an old notice", where="Wechatpay-Timestamp", mend="send it again", code="old")
    try:
        signed = base64.b64decode(headers.get("wechatpay-signature", ""), validate=True)
        key.verify(signed, f"{time}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
        resource = orjson.loads(body)["resource"]
        sealed, about = base64.b64decode(resource["ciphertext"]), resource.get("associated_data", "")
        return AESGCM(api_key.encode()).decrypt(resource["nonce"].encode(), sealed, about.encode())
    except (InvalidSignature, InvalidTag, binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Forbidden("not a notice of WeChat Pay", where="body", mend="check the keys", code="bad_notice") from error
