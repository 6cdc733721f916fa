"""YAML that a person wrote: read with its faults as sentences, a key that stands twice among them."""

from __future__ import annotations

from typing import Any

import yaml

from foundation.errors import BadSettings


class _TwiceError(yaml.YAMLError):
    """A key stands twice in one block."""


class _Loader(yaml.SafeLoader):
    """The safe loader, which would let the last of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge" or not isinstance(key_node, yaml.ScalarNode):
                continue
            key, line = self.construct_object(key_node), key_node.start_mark.line + 1
            if key in lines:
                raise _TwiceError(
                    f"The key '{key}' stands twice in one block, in lines {lines[key]} and {line}."
                )
            lines[key] = line
        return super().construct_mapping(node, deep)


def loaded(text: str, what: str, where: str) -> Any:
    """The value of a YAML text; `what` and `where` name it in the sentence of a fault.

    Raises
    ------
    BadSettings
        The text is no YAML, or a key stands twice in a block.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except _TwiceError as fault:
        raise BadSettings(str(fault), "Keep one of them.", where) from None
    except yaml.YAMLError as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        place = f", line {line + 1}" if line is not None else ""
        raise BadSettings(
            f"{what} is no valid YAML{place}.", "Mend its indentation, brackets and colons.", where
        ) from None
