"""WhatsApp, by Meta's Cloud API: one business number.

Webhooks are signed with the app's secret; answers are calls below the number's id. Forms (Flows) have an endpoint of
their own at the path "flow".
"""

from sayso.channels.whatsapp.channel import WhatsApp, made

__all__ = ["WhatsApp", "channel"]

channel: WhatsApp = made()
