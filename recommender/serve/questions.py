"""The forms of what is asked; what they say of themselves is the description of the interface."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from recommender.serve.replies import Paragraph
from recommender.types import Change, Relevance

# A day, or a month, or a year, as ``Article.date`` has it.
_DAY = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_NOT_BLANK = r"\S"
LONGEST_TEXT = 100_000
# So many of the best are looked at: what is further down is of no use at the end of an essay.
LOOKED_AT = 50

Id = Annotated[
    str,
    Path(
        description="The id of an article, percent-encoded as a whole (in scripts: encodeURIComponent).",
        examples=["seeds/浅见.html"],
        min_length=1,
    ),
]
Day = Annotated[str, Field(pattern=_DAY, examples=["2024-05-01"])]
Some = Annotated[list[Annotated[str, Field(min_length=1)]], Field(max_length=100)]
Limit = Annotated[int, Field(ge=1, le=LOOKED_AT, description="How many to give.")]
Offset = Annotated[
    int, Field(ge=0, le=LOOKED_AT, description=f"How many to pass over. The {LOOKED_AT} best are looked at.")
]


class Asked(BaseModel):
    """What can be asked for; what is not known is refused rather than passed over."""

    model_config = ConfigDict(extra="forbid")


class Among(Asked):
    """Which articles may be in an answer; the values of one part are alternatives."""

    words: str = Field(default="", max_length=200, description="Words that stand in the title, in any case.")
    language: Some = Field(default=[], description="ISO 639-1 codes.", examples=[["zh"]])
    tag: Some = Field(default=[], description="Tags or categories.")
    author: Some = Field(default=[], description="Authors.")
    since: Day | None = Field(default=None, description="The first day, as 2024-05-01, 2024-05 or 2024.")
    until: Day | None = Field(default=None, description="The last day.")


class ListQuery(Among):
    """Which articles to list."""

    id: Some = Field(default=[], description="Ids.")
    limit: int = Field(default=20, ge=1, le=100, description="How many to give.")
    offset: int = Field(default=0, ge=0, le=2**31, description="How many to pass over.")


class Question(Among):
    """What related articles are asked for."""

    limit: Limit = 10
    offset: Offset = 0
    threshold: Relevance = Field(default="weak", description="The least that they may be related.")


class RelatedQuery(Question):
    """What an article is asked for."""

    paragraph: int | None = Field(
        default=None, ge=1, description="Ask with this paragraph instead of the whole, from 1."
    )
    unlinked: bool = Field(default=False, description="Leave out what the article's own page lists already.")


class TextQuestion(Question):
    """A text, and what it is asked for."""

    # In an address all is text, but JSON knows numbers.
    limit: Annotated[Limit, Strict()] = 10
    offset: Annotated[Offset, Strict()] = 0
    text: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        pattern=_NOT_BLANK,
        description="What to find related articles for, in any language.",
        examples=["How can tax officials enforce the law properly?"],
    )


class CuratedQuery(Asked):
    """What to do where nothing is published."""

    fallback: Literal["related"] | None = Field(
        default=None, description="Give what the ranking finds, marked as automatic."
    )


class Writing(Asked):
    """An article to be written: with its text as it is, a line a paragraph, or with paragraphs."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["text"]}, {"required": ["paragraphs"]}],
            "examples": [{"title": "一篇文章", "text": "第一段。\n第二段。", "date": "2024-05-01"}],
        }
    )

    title: str = Field(default="", max_length=1000)
    text: str | None = Field(default=None, pattern=_NOT_BLANK)
    paragraphs: list[Paragraph] | None = Field(default=None, min_length=1)
    url: str = Field(default="", max_length=2000, pattern=r"^(https?://\S+)?$")
    date: Day | None = None
    author: str = Field(default="", max_length=1000)
    language: str = Field(
        default="", max_length=20, description="ISO 639-1; found out from the text if it is not given."
    )
    tags: Some = []
    links: Annotated[list[str], Field(max_length=1000)] = Field(default=[], description="Ids of what its page lists.")

    @model_validator(mode="after")
    def _refuse_two_texts(self) -> Self:
        if (self.text is None) == (self.paragraphs is None):
            raise ValueError("give either text or paragraphs")
        return self


class Deciding(Asked):
    """A decision of an editor on the list of an essay."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"change": {"action": "note", "text": "等新数据"}, "by": "王编辑", "seen": 0}],
        }
    )

    change: Change
    by: str = Field(min_length=1, max_length=200, pattern=_NOT_BLANK, description="The editor.", examples=["王编辑"])
    seen: int = Field(
        strict=True, ge=0, description="The number of the last decision on the essay that the editor knew."
    )
