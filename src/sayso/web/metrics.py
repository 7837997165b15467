"""Prometheus metrics on a registry of the application's own. No label holds a customer's data."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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
        self.tokens = Counter("sayso_model_tokens", "Tokens of the language model", registry=registry)
        self.requests = Counter(
            "sayso_http_requests", "Requests by route and status", ("route", "status"), registry=registry
        )
        self.streams = Gauge("sayso_streams", "Open event streams", registry=registry)
        self.commits = Histogram("sayso_commit_seconds", "Writes of the store", buckets=SECONDS, registry=registry)
        self.queue = Gauge("sayso_queue_depth", "Writes that wait for their commit", registry=registry)
        self.lag = Gauge("sayso_jobs_lag_seconds", "How late the job that is due first is", registry=registry)

    def turn(self, channel: str, outcome: str, seconds: float) -> None:
        self.turns.labels(channel, outcome).inc()
        self.turn_seconds.labels(channel).observe(seconds)

    def understood(self, stages: Sequence[str], tokens: int) -> None:
        for stage in stages:
            self.stages.labels(stage).inc()
        if tokens:
            self.tokens.inc(tokens)

    def render(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self.registry)
