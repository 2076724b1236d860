"""Reads what the app says: text blocks (Markdown, Jinja2) and short labels (TOML) in assets/text."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEXT = Path(__file__).parent.parent / "assets" / "text"
LANGUAGES = ("en", "zh")


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEXT), undefined=StrictUndefined, autoescape=False)
    environment.filters["grouped"] = grouped
    return environment


def grouped(number: int) -> str:
    """61706 -> 61{,}706: thousands in a formula as in the texts. TeX would put a space behind a bare comma."""
    return f"{number:,}".replace(",", "{,}")


def blocks(lesson: str, language: str) -> frozenset[str]:
    """The names of the text blocks that a lesson has in a language."""
    return frozenset(_environment().get_template(f"{lesson}.{language}.md").blocks)


def block(lesson: str, language: str, name: str, **numbers: object) -> str:
    """One text block with its placeholders filled in.

    Raises KeyError for a block that does not exist, jinja2.UndefinedError for a number that is missing.
    """
    template = _environment().get_template(f"{lesson}.{language}.md")
    if name not in template.blocks:
        raise KeyError(f"{lesson}.{language}.md has no block {name!r}")
    return "".join(template.blocks[name](template.new_context(dict(numbers)))).strip()


@cache
def labels(language: str) -> Mapping[str, Any]:
    """Every label of a language, as nested tables."""
    return tomllib.loads((TEXT / f"labels.{language}.toml").read_text(encoding="utf-8"))


def label(language: str, path: str) -> str:
    """The label at a dotted path: `label("en", "kernels.sobel_x")`. KeyError where there is none."""
    found: Any = labels(language)
    for name in path.split("."):
        found = found[name]
    return found


def choose_language(asked: str | None, locale: str | None) -> str:
    """The language to speak: what the address asks for, else what the browser prefers, else English.

    Examples: (None, "zh-CN") -> "zh"; ("en", "zh-CN") -> "en"; ("xx", None) -> "en".
    """
    if asked in LANGUAGES:
        return asked
    preferred = (locale or "").split("-")[0].lower()
    return preferred if preferred in LANGUAGES else "en"
