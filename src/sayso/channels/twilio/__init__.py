"""What Twilio's text and voice share: the signature of a request, its form, the calls of its API.

Sources: twilio-python `request_validator.py`, twilio-node `webhooks.ts` (2026-11-21), Twilio's "Webhooks security".
"""

from sayso.channels.twilio.form import Form, read_form
from sayso.channels.twilio.signature import proven, signature
from sayso.channels.twilio.xml import EMPTY, xml

__all__ = ["EMPTY", "Form", "proven", "read_form", "signature", "xml"]
