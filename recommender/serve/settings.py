"""How a server answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from recommender.types import Ranking


@dataclass(frozen=True)
class Settings:
    """What is set when a server starts.

    ``token`` is the secret of those who may write, "" for nobody. ``rate`` is how often a client may ask, as
    "100/second". A request's body has at most ``largest_body`` bytes. For ``max_age`` seconds caches between here and
    the reader may answer without asking here. ``origins`` are the sites whose scripts may read ("https://example.com",
    or "*"). ``ranking`` is the order of what is related.
    """

    token: str = ""
    rate: str = "100/second"
    largest_body: int = 1024 * 1024
    max_age: int = 0
    origins: tuple[str, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)

    @property
    def cache_control(self) -> str:
        """What caches may do with what is public."""
        return f"public, max-age={self.max_age}" if self.max_age else "public, no-cache"
