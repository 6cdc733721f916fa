"""Texts of a page's template as units for the catalogue: one for each run of text between block elements.

A template is translated as a whole before it is compiled, so no text of it can stand outside the catalogue and pages
cost nothing more. Inside a unit, elements with attributes are numbered (`<a1>…</a1>`); expressions and conditions stay
as they are and may stand in another order in the translation. Visible attributes are units of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: elements that stand inside a sentence; all others end it
_INLINE = {"a", "b", "bdi", "code", "i", "small", "span", "tspan"}
_VISIBLE = re.compile(r'(\s(?:aria-label|alt|placeholder|title|content|label)=")([^"]*)(")')
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NAME = re.compile(r"</?\s*([A-Za-z0-9]+)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_STATEMENT = re.compile(r"\{%-?\s*(\w+)")
_OPENS = {"if": "endif", "for": "endfor"}
_BETWEEN = {"else", "elif"}


@dataclass(frozen=True)
class Piece:
    """A part of a template: text, an element's tag, an expression or a statement."""

    kind: str
    text: str
    name: str = ""


def pieces(source: str) -> Iterator[Piece]:
    """The parts of a template one after another; together they are the template."""
    at, start = 0, 0
    while at < len(source):
        found = _next(source, at)
        if found is None:
            at += 1
            continue
        if start < at:
            yield Piece("text", source[start:at])
        yield found
        at = start = at + len(found.text)
    if start < at:
        yield Piece("text", source[start:at])


def _next(source: str, at: int) -> Piece | None:
    if source[at] == "{" and (found := _JINJA.match(source, at)):
        if found[0].startswith("{%"):
            named = _STATEMENT.match(found[0])
            return Piece("statement", found[0], named[1] if named else "")
        return Piece("expression" if found[0].startswith("{{") else "statement", found[0])
    if source[at] == "<" and source[at + 1 : at + 2] and source[at + 1] in "/!abcdefghijklmnopqrstuvwxyz":
        end = at
        while source[end] != ">":
            inner = _JINJA.match(source, end)
            end = inner.end() if inner else end + 1
        text = source[at : end + 1]
        named = _NAME.match(text)
        return Piece("tag", text, named[1].lower() if named else "")
    return None


def translate(source: str, say: Callable[[str], str]) -> str:
    """The template in another language; `say` gives the text of a unit."""
    done: list[str] = []
    run: list[Piece] = []
    for piece in pieces(source):
        if _inline(piece):
            run.append(piece)
        else:
            done += [_said_run(run, say), _attributes(piece.text, say) if piece.kind == "tag" else piece.text]
            run = []
    return "".join([*done, _said_run(run, say)])


def _inline(piece: Piece) -> bool:
    if piece.kind == "tag":
        return piece.name in _INLINE
    if piece.kind == "statement":
        return piece.name in {*_OPENS, *_OPENS.values(), *_BETWEEN}
    return True


def _said_run(run: list[Piece], say: Callable[[str], str]) -> str:
    """The runs of `run` in which tags and conditions close, each said."""
    if not run:
        return ""
    broken = _unclosed(run)
    if broken:
        place = broken[0]
        middle = run[place].text if run[place].kind != "tag" else _attributes(run[place].text, say)
        return _said_run(run[:place], say) + middle + _said_run(run[place + 1 :], say)
    return _unit(run, say)


def _unclosed(run: list[Piece]) -> list[int]:
    """Places of tags and statements that have no partner in the run."""
    open_ones: list[tuple[str, int]] = []
    lost: list[int] = []
    for place, piece in enumerate(run):
        if piece.kind == "statement" and piece.name in _BETWEEN:
            if not any(name in _OPENS for name, _ in open_ones):
                lost.append(place)
        elif piece.kind in ("tag", "statement"):
            closes = piece.text.startswith("</") or piece.name in _OPENS.values()
            if not closes:
                open_ones.append((piece.name, place))
            elif open_ones and _OPENS.get(open_ones[-1][0], open_ones[-1][0]) == piece.name:
                open_ones.pop()
            else:
                lost.append(place)
    return sorted([*lost, *(place for _, place in open_ones)])


def _unit(run: list[Piece], say: Callable[[str], str]) -> str:
    """A run whose tags and conditions close: what surrounds the text stays, the rest is said."""
    first, last = 0, len(run)
    while first < last and (inner := _shell(run[first:last])) is not None:
        first, last = first + inner[0], last - inner[1]
    middle = run[first:last]
    before = "".join(_dressed(piece, say) for piece in run[:first])
    after = "".join(_dressed(piece, say) for piece in run[last:])
    if not _speaks(middle):
        return before + "".join(_dressed(piece, say) for piece in middle) + after
    apart = _apart(middle)
    if apart:
        return before + "".join(_said_run(part, say) for part in apart) + after
    key, tags = _key([piece for piece in middle], say)
    lead = key[: len(key) - len(key.lstrip())]
    tail = key[len(key.rstrip()) :]
    said = say(re.sub(r"\s+", " ", key.strip()))
    for name, tag in tags.items():
        said = said.replace(name, tag)
    return before + lead + said + tail + after


def _speaks(run: list[Piece]) -> bool:
    """Whether a run holds a word outside of code."""
    in_code = False
    for piece in run:
        if piece.kind == "tag" and piece.name == "code":
            in_code = not piece.text.startswith("</")
        if piece.kind == "text" and not in_code and _WORD.search(_no_entities(piece.text)):
            return True
    return False


def _shell(run: list[Piece]) -> tuple[int, int] | None:
    """How many pieces at both ends are only a shell around the rest."""
    if run[0].kind == "text" and not run[0].text.strip():
        return 1, 0
    if run[-1].kind == "text" and not run[-1].text.strip():
        return 0, 1
    pair = len(run) > 1 and run[0].kind == run[-1].kind and run[0].kind in ("tag", "statement")
    pair = pair and run[0].name != "code"  # what is code is not said
    if pair and not run[0].text.startswith("</") and not _unclosed(run[1:-1]):
        between = any(piece.name in _BETWEEN for piece in _level(run[1:-1]))
        return None if between else (1, 1)
    return None


def _level(run: list[Piece]) -> list[Piece]:
    """Statements of `run` that belong to the condition around it."""
    depth, found = 0, []
    for piece in run:
        if piece.kind != "statement":
            continue
        if piece.name in _OPENS:
            depth += 1
        elif piece.name in _OPENS.values():
            depth -= 1
        elif depth == 0:
            found.append(piece)
    return found


def _apart(run: list[Piece]) -> list[list[Piece]]:
    """Elements that stand beside each other without text between them: each is a unit of its own."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in run:
        opens = piece.kind in ("tag", "statement") and not (
            piece.text.startswith("</") or piece.name in _OPENS.values() or piece.name in _BETWEEN
        )
        closes = piece.text.startswith("</") or piece.name in _OPENS.values()
        if depth == 0 and piece.kind in ("text", "expression") and piece.text.strip():
            return []
        if depth == 0 and (opens or piece.kind == "text"):
            parts.append([])
        depth += opens - closes
        parts[-1].append(piece)
    found = [part for part in parts if part]
    return found if len(found) > 1 else []


def _key(run: list[Piece], say: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """The unit's text in the catalogue, and what its numbered tags stand for."""
    tags: dict[str, str] = {}
    open_ones: list[str] = []
    words = []
    for piece in run:
        if piece.kind != "tag":
            words.append(piece.text)
            continue
        if piece.text.startswith("</"):
            name = open_ones.pop()
            tags[f"</{name}>"] = piece.text
            words.append(f"</{name}>")
        else:
            plain = piece.text == f"<{piece.name}>"
            name = piece.name if plain else f"{piece.name}{1 + sum(' ' in tag for tag in tags.values())}"
            open_ones.append(name)
            tags[f"<{name}>"] = _attributes(piece.text, say)
            words.append(f"<{name}>")
    return "".join(words), tags


def _dressed(piece: Piece, say: Callable[[str], str]) -> str:
    return _attributes(piece.text, say) if piece.kind == "tag" else piece.text


def _attributes(tag: str, say: Callable[[str], str]) -> str:
    """A tag with its visible attributes said."""

    def said(found: re.Match[str]) -> str:
        value = found[2]
        bare = _JINJA.sub("", value)
        if not _WORD.search(bare) or tag.startswith(('<meta name="viewport"', "<meta http-equiv")):
            return found[0]
        return f"{found[1]}{say(value)}{found[3]}"

    return _VISIBLE.sub(said, tag)


def _no_entities(text: str) -> str:
    return re.sub(r"&\w+;", "", text)


def units(source: str) -> list[str]:
    """The texts that `translate` asks for, in their order."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    translate(source, note)
    return found
