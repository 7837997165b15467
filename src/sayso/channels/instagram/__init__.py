"""Instagram direct messages: the threads of a professional account.

An account is connected by Instagram's own login (calls go to graph.instagram.com) or by the Facebook Page that it
belongs to (`login: facebook`: calls go to graph.facebook.com with the Page's access token).
"""

from sayso.channels.contract import Account, read_capabilities
from sayso.channels.meta.channel import Threads
from sayso.channels.meta.graph import Graph, read_graph

__all__ = ["channel"]


def _below(account: Account, graph: Graph) -> tuple[str, str]:
    return (graph.facebook, "me") if account.text("login") == "facebook" else (graph.instagram, account.id)


def _made() -> Threads:
    return Threads("instagram", read_capabilities(__package__), read_graph(), frozenset({"instagram"}), _below, HUMAN_H)


HUMAN_H = 168.0
"""7 days: FBD instagram/features/send-message, human agent tag, 2026."""

channel = _made()
