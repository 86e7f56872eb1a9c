"""The forms of what is answered; what they say of themselves is the description of the interface."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from recommender.types import Change, Relation, Relevance


class Head(BaseModel):
    """What names an article."""

    id: str = Field(examples=["seeds/浅见.html"])
    title: str = Field(examples=["对规范税收执法行为之浅见"])
    url: str = Field(examples=["https://example.com/a/1"])
    date: str = Field(examples=["2024-05-01"])
    author: str = Field(examples=["张三"])


class Listed(Head):
    """What lists show of an article."""

    language: str = Field(examples=["zh"])
    tags: list[str] = Field(examples=[["税收"]])
    length: int = Field(description="Characters of its text.", examples=[2400])


class Articles(BaseModel):
    """A page of a list; the Link header has the address of the next."""

    articles: list[Listed]


class Paragraph(BaseModel):
    """A paragraph or heading."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(pattern=r"^[^\n]*$")
    level: int = Field(
        default=0, ge=0, le=6, description="0 for running text, 1 for the highest heading below the title."
    )


class Whole(Listed):
    """An article."""

    paragraphs: list[Paragraph]
    links: list[str] = Field(description="The ids of what its page lists as related.")


class Why(BaseModel):
    """The reason in a sentence."""

    zh: str = Field(examples=["因为两文都谈“税收”。"])
    en: str = Field(examples=["Because both are about “税收”."])


class Piece(Head):
    """A row of a list."""

    place: int = Field(description="Its place in the list, from 1.", examples=[1])
    relevance: Relevance | None = Field(description="null: the ranking did not find it, an editor put it there.")
    closeness: float | None = Field(description="From 0 for what chance reaches to 1 for the same text.")
    pinned: bool = Field(description="Whether an editor put it there.")
    why: Why | None


class Found(Piece):
    """A row that the ranking found."""

    relations: list[Relation] = Field(description="What else connects it with the article that asks.")
    reposts: list[str] = Field(description="The ids of articles with nearly its text.")


class Related(BaseModel):
    """A page of what is related, best first."""

    total: int = Field(description="How many are related so much, of the 50 best.", examples=[12])
    pieces: list[Found]


class Curated(BaseModel):
    """A list as readers get it."""

    essay: Head
    automatic: bool = Field(description="Whether no editor has published it: it is the ranking's.")
    published_at: str | None = Field(description="When it was published, UTC.", examples=["2024-05-01T08:00:00+00:00"])
    pieces: list[Piece]
    lost: list[str] = Field(description="The ids of pieces that editors put there and that are gone since.")


class Decided(BaseModel):
    """A decision, as it stands in the record."""

    number: int
    uid: str = Field(description="Its name, for undo and redo.")
    essay: str = Field(description="Where it was made; what holds everywhere may have been elsewhere.")
    by: str
    at: str
    change: Change


class Draft(BaseModel):
    """The list of an essay as its editors have it."""

    seen: int = Field(description="The number of the last decision on the essay, for the next one; 0 for none.")
    published: bool = Field(description="Whether readers get it as it is.")
    pieces: list[Piece]
    lost: list[str] = Field(description="The ids of pinned pieces that the library does not have.")
    decisions: list[Decided] = Field(description="Those on the essay, and those that hold everywhere.")
