"""Figures for people and for programs: with their intervals, in a table, or as JSON takes them."""

from __future__ import annotations

from math import isfinite
from typing import Any


def plain(value: Any) -> Any:
    """What JSON takes, which knows neither nan nor infinity: null stands for them."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return None if isinstance(value, float) and not isfinite(value) else value


def cell(found: dict[str, Any], sign: str = "", times: float = 100, decimals: int = 1) -> str:
    """An estimate, times 100 unless it is said, and its interval in brackets."""
    if found["mean"] is None:
        return "unknown"
    mean, low, high = (
        "" if found[name] is None else f"{times * found[name]:{sign}.{decimals}f}" for name in ("mean", "low", "high")
    )
    return f"{mean} ({low} to {high})" if low else mean
