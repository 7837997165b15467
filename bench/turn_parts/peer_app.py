"""The peer: a skill on Amazon's ask-sdk for Python, as its documentation shows it, behind Flask. It verifies signature
and time, and answers each request with fixed words, a card, a reprompt and session attributes. It keeps nothing,
understands nothing, prices nothing.

Two things are replaced: where the certificates come from, and which root is trusted.
"""

from __future__ import annotations

import os
from pathlib import Path

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_webservice_support.verifier import RequestVerifier, TimestampVerifier, VerificationException
from ask_sdk_webservice_support.webservice_handler import WebserviceSkillHandler
from asn1crypto import pem
from certvalidator import CertificateValidator, ValidationContext
from certvalidator.errors import PathError, ValidationError
from flask import Flask, jsonify, request

FOLDER = Path(os.environ["PEER_FOLDER"])
_, _, ROOT = pem.unarmor((FOLDER / "root.pem").read_bytes())


class Verifier(RequestVerifier):
    """The SDK's own verifier with our root and our bundle; everything else is its code, run on every request."""

    def _load_cert_chain(self, cert_url):
        if cert_url not in self._cert_cache:
            self._cert_cache[cert_url] = (FOLDER / "bundle.pem").read_bytes()
        return self._cert_cache[cert_url]

    def _validate_cert_chain(self, cert_chain):
        try:
            leaf, *others = [der for _, _, der in pem.unarmor(cert_chain, multiple=True)]
            context = ValidationContext(extra_trust_roots=[ROOT])
            CertificateValidator(leaf, others, validation_context=context).validate_usage({"digital_signature"})
        except (PathError, ValidationError) as error:
            raise VerificationException("Certificate chain is not valid", error) from error


class Everything(AbstractRequestHandler):
    """Answers every request with words that a shop would say."""

    def can_handle(self, handler_input):
        return True

    def handle(self, handler_input):
        attributes = handler_input.attributes_manager.session_attributes
        attributes["turns"] = attributes.get("turns", 0) + 1
        attributes["basket"] = [{"sku": "latte", "quantity": 2, "size": "large"}, {"sku": "cappuccino", "milk": "oat"}]
        words = "That is two lattes and a cappuccino with oat milk, at Dam Square. Shall I order?"
        builder = handler_input.response_builder.speak(words).ask("Shall I order?")
        return builder.set_card(_card(words)).response


def _card(words):
    from ask_sdk_model.ui import SimpleCard

    return SimpleCard(title="Roerdomp Coffee", content=words)


class Failed(AbstractExceptionHandler):
    def can_handle(self, handler_input, exception):
        return True

    def handle(self, handler_input, exception):
        raise exception


def application() -> Flask:
    builder = SkillBuilder()
    builder.add_request_handler(Everything())
    builder.add_exception_handler(Failed())
    handler = WebserviceSkillHandler(
        skill=builder.create(),
        verify_signature=False,
        verify_timestamp=False,
        verifiers=[Verifier(), TimestampVerifier()],
    )
    app = Flask(__name__)

    @app.post("/")
    def invoke():
        try:
            return jsonify(handler.verify_request_and_dispatch(request.headers, request.data.decode("utf-8")))
        except VerificationException as error:
            return jsonify(error=str(error)), 400

    return app


app = application()
