"""Prometheus metrics on a registry of the application's own. No label holds a customer's data."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sayso.model.command import ModelUse

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What a host counts."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter("sayso_turns", "Turns by channel and outcome", ("channel", "outcome"), registry=registry)
        self.turn_seconds = Histogram(
            "sayso_turn_seconds", "From receipt to answer", ("channel",), buckets=SECONDS, registry=registry
        )
        self.stages = Counter(
            "sayso_stage_hits", "Turns that a stage of understanding served", ("stage",), registry=registry
        )
        self.model_turns = Counter(
            "sayso_model_turns", "Turns that wanted the language model, by outcome", ("outcome",), registry=registry
        )
        self.tokens = Counter("sayso_model_tokens", "Tokens of the language model", ("kind",), registry=registry)
        self.cost = Counter("sayso_model_cost", "In the unit of SAYSO_MODEL_PRICES", registry=registry)
        self.model_seconds = Histogram(
            "sayso_model_seconds", "What turns waited for the language model", buckets=SECONDS, registry=registry
        )
        self.requests = Counter(
            "sayso_http_requests", "Requests by route and status", ("route", "status"), registry=registry
        )
        self.streams = Gauge("sayso_streams", "Open event streams", registry=registry)
        self.commits = Histogram("sayso_commit_seconds", "Writes of the store", buckets=SECONDS, registry=registry)
        self.queue = Gauge("sayso_queue_depth", "Writes that wait for their commit", registry=registry)
        self.lag = Gauge("sayso_jobs_lag_seconds", "How late the job that is due first is", registry=registry)
        self.deliveries = Counter(
            "sayso_deliveries", "Steps of sent parts by channel and state", ("channel", "state"), registry=registry
        )
        self.outbox_waiting = Gauge(
            "sayso_outbox_messages", "Messages that wait to be sent", ("channel",), registry=registry
        )
        self.outbox_oldest = Gauge(
            "sayso_outbox_oldest_seconds", "Age of the oldest message that waits", ("channel",), registry=registry
        )
        self.outbox_attention = Gauge(
            "sayso_outbox_attention", "Parts dead, failed or unknown: staff see them", ("channel",), registry=registry
        )

    def delivery(self, channel: str, state: str) -> None:
        """A part of a message went to a state."""
        self.deliveries.labels(channel, state).inc()

    def turn(self, channel: str, outcome: str, seconds: float) -> None:
        self.turns.labels(channel, outcome).inc()
        self.turn_seconds.labels(channel).observe(seconds)

    def understood(self, stages: Sequence[str], model: ModelUse | None) -> None:
        for stage in stages:
            self.stages.labels(stage).inc()
        if model is None:
            return
        self.model_turns.labels(model.outcome).inc()
        self.tokens.labels("prompt").inc(model.prompt)
        self.tokens.labels("completion").inc(model.completion)
        self.cost.inc(model.cost / 1_000_000)
        if model.calls:
            self.model_seconds.observe(model.seconds)

    def render(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self.registry)
