"""What became of added files, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from recommender.ingest import FileReport, Progress
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui import filters
from recommender.ui.reasons import reason
from recommender.ui.words import Words

# Of so many files each has a way to its articles; more are a list to read.
_FEW = 12


def progress_line(progress: Progress, words: Words) -> str:
    """How far the reading is, how fast, and how long it will still take."""
    rate = progress.articles / max(progress.seconds, 1e-9)
    done = words("progress", articles=progress.articles, passages=progress.passages, rate=f"{rate:.0f}")
    if not 0 < progress.share < 1:
        return done
    left = progress.seconds * (1 - progress.share) / progress.share
    return done + (
        words("minutes_left", n=round(left / 60)) if left > 90 else words("seconds_left", n=round(left) or 1)
    )


def show(recommender: Recommender, reports: Sequence[FileReport], words: Words, on_dismiss: Callable[[], None]) -> None:
    """The sum, then each file, those that failed first, until it is dismissed."""
    ordered = sorted(reports, key=lambda report: not report.error)
    with st.container(key="report", border=True, gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**" + _sum(reports, words) + "**", width="content")
            st.button(words("dismiss"), key="dismiss", on_click=on_dismiss, type="tertiary")
        if len(ordered) > _FEW:
            st.html("".join(_row(report, words) for report in ordered))
            return
        for number, report in enumerate(ordered):
            with st.container(horizontal=True, wrap=False, gap="small"):
                st.html(_row(report, words))
                _show_way(recommender, number, report, words)


def _sum(reports: Sequence[FileReport], words: Words) -> str:
    failed = sum(bool(report.error) for report in reports)
    articles = sum(report.articles for report in reports)
    return words("report_sum", files=len(reports), articles=articles) + (
        words("report_failed", n=failed) if failed else words("report_well")
    )


def _show_way(recommender: Recommender, number: int, report: FileReport, words: Words) -> None:
    """A button that lists a file's articles, if they are known by the file's own key: members of an archive are not."""
    folder = Path(recommender.library.name).parent
    source = report.path.relative_to(folder).as_posix() if report.path.is_relative_to(folder) else report.path.name
    if report.articles and recommender.listings(Filter(sources=(source,)), 1):
        st.button(
            words("list_these"), key=f"list-{number}", on_click=filters.only, kwargs={"source": source}, type="tertiary"
        )


def _row(report: FileReport, words: Words) -> str:
    remarks = "".join(f"<li>{escape(reason(remark, words))}</li>" for remark in report.remarks)
    return (
        f'<div class="file {report.status}"><b>{escape(report.path.name)}</b> '
        f"<span>{escape(_outcome(report, words))}</span>{f'<ul>{remarks}</ul>' if remarks else ''}</div>"
    )


def _outcome(report: FileReport, words: Words) -> str:
    """One file in a sentence."""
    if report.error:
        before = words("before_failure", n=report.articles) if report.articles else ""
        return words("failed") + reason(without_path(report), words) + before
    counts = {
        "embedded": report.embedded,
        "duplicates": report.duplicates,
        "removed": report.removed,
        "skipped": report.skipped,
    }
    parts = [words(f"count_{name}", n=count) for name, count in counts.items() if count]
    return words(report.status, n=report.articles) + "".join(parts) + words("stop")


def without_path(report: FileReport) -> str:
    """Why a file failed, without where it is kept."""
    return report.error.removeprefix(f"{report.path}: ").removeprefix(f"{report.path.name}: ")
