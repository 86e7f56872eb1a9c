"""Dropping files into the library: they are kept, read with progress, and reported, each by its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from recommender.ingest import FileReport, Progress
from recommender.recommend import Recommender
from recommender.sources import SUFFIXES
from recommender.ui import access, report
from recommender.ui.problems import refusals
from recommender.ui.uploads import keep, safe_name
from recommender.ui.words import Words

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_REPORTS = "upload_reports"
_FAILURES = "upload_failures"
_SEEN = "upload_seen"
_ROUND = "upload_round"


def failures() -> dict[str, str]:
    """Why files of this session were not read, by their names; one that was read since is not among them."""
    found: dict[str, str] = st.session_state.setdefault(_FAILURES, {})
    return found


def show(recommender: Recommender, words: Words) -> None:
    """A place to drop files, and what became of those that were dropped."""
    dropped = st.file_uploader(
        words("drop"),
        SUFFIXES,
        accept_multiple_files=True,
        key=f"upload-{st.session_state.setdefault(_ROUND, 0)}",
    )
    st.caption(words("drop_help"))
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    if new := [file for file in dropped if file.file_id not in seen]:
        with refusals(recommender, words):
            _read(recommender, new, seen, words)
        # Also what could not be written: it would be tried again with every click.
        seen.update(file.file_id for file in new)
        st.rerun()
    if reports := st.session_state.get(_REPORTS):
        report.show(recommender, reports, words, _dismiss)


def _dismiss() -> None:
    """Let the report go, and with it the files that the uploader still holds."""
    st.session_state[_REPORTS] = []
    st.session_state[_SEEN] = set()
    st.session_state[_ROUND] += 1


def _read(recommender: Recommender, dropped: Sequence[UploadedFile], seen: set[str], words: Words) -> None:
    """Keep and read the files. Each is noted when it is read: a click elsewhere stops the reading for a moment."""
    access.require()  # before anything is written
    bar = st.progress(0.0, words("keeping"))
    kept: dict[Path, str] = {}
    refused = [problem for file in dropped if (problem := _keep(file, Path(recommender.library.name), kept))]

    def watch(progress: Progress) -> None:
        bar.progress(min(progress.share, 1.0), report.progress_line(progress, words))

    for read in recommender.add(kept, watch) if kept else ():
        _note(read)
        seen.add(kept[read.path])
    for problem in refused:
        _note(problem)
    bar.empty()


def _keep(file: UploadedFile, library: Path, kept: dict[Path, str]) -> FileReport | None:
    """Write a file and put where it is, with its id, into ``kept``; returns a report if that cannot be done."""
    name = safe_name(file.name)
    if any(path.name == name for path in kept):
        error = f"{name}: several files have this name; rename them, or add the folder that they are in as a .zip"
        return FileReport(Path(name), "failed", error=error)
    try:
        kept[keep(name, file.getbuffer(), library)] = file.file_id
    except OSError as error:
        why = f"{name}: cannot be kept beside the library ({error.strerror}); see whether the disk is full or read-only"
        return FileReport(Path(name), "failed", error=why)
    return None


def _note(read: FileReport) -> None:
    st.session_state.setdefault(_REPORTS, []).append(read)
    if read.error:
        failures()[read.path.name] = report.without_path(read)
    else:
        failures().pop(read.path.name, None)
