"""XML of WeChat's as plain fields: no DTD, no entities, no depth."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sayso.channels.contract import Theirs, small
from sayso.channels.wechat.limits import limits

Fields = Mapping[str, str]
"""The text of each element; one inside another as "Outer/Inner". The first of a name counts."""


def fields(body: bytes, most: int) -> Fields:
    """The fields of a document. Raises Theirs: 413 for more than `most` bytes, 400 for no such document."""
    small(body, most)
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Theirs(
            "the body is not WeChat's XML", where="body", mend="send what WeChat made", code="not_xml"
        ) from error
    found: dict[str, str] = {}
    for outer in list(root)[: limits().max_fields]:
        found.setdefault(outer.tag, (outer.text or "").strip())
        for inner in list(outer)[: limits().max_fields]:
            found.setdefault(f"{outer.tag}/{inner.tag}", (inner.text or "").strip())
    return found
