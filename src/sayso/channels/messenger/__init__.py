"""Facebook Messenger: a Page's threads.

Webhooks are signed with the app's secret; answers are calls of the Send API with the Page's access token.
"""

from sayso.channels.contract import Account, read_capabilities
from sayso.channels.meta.channel import Threads
from sayso.channels.meta.graph import Graph, read_graph

__all__ = ["channel"]


def _below(account: Account, graph: Graph) -> tuple[str, str]:
    return graph.facebook, account.id


def _made() -> Threads:
    return Threads("messenger", read_capabilities(__package__), read_graph(), frozenset({"page"}), _below, HUMAN_H)


HUMAN_H = 168.0
"""7 days: FBD messenger-platform/policy, human agent tag, 2026."""

channel = _made()
