"""Where in a YAML text a value stands."""

from collections.abc import Iterator, Sequence

import yaml


def composed(text: str) -> yaml.MappingNode | None:
    """The mapping that a text is, None for a text that is something else.

    The text must be YAML without aliases.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return root if isinstance(root, yaml.MappingNode) else None


def line(root: yaml.Node, place: Sequence[object]) -> int:
    """The line, from 1, of a value by the keys and numbers that lead to it.

    Of what is not there it is the line of what it would stand in.
    """
    node, found = root, root.start_mark.line
    for step in place:
        key, inner = _inner(node, step)
        if inner is None:
            break
        node, found = inner, (key or inner).start_mark.line
    return int(found) + 1


def keys(root: yaml.MappingNode) -> Iterator[tuple[str, int]]:
    """Every key of a mapping with its line, also one that stands there twice."""
    for key, _ in root.value:
        yield str(getattr(key, "value", "")), key.start_mark.line + 1


def doubled(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Every key, at any depth, that stands in its mapping before, with its line."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from doubled(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, where in keys(node):
            if name in seen:
                yield name, where
            seen.add(name)
        for _, value in node.value:
            yield from doubled(value)


def _inner(node: yaml.Node, step: object) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        # The last of several counts, as for whoever reads the values.
        for key, value in reversed(node.value):
            if getattr(key, "value", None) == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return None, node.value[step] if step < len(node.value) else None
    return None, None
