"""The work of an audit divided into parts of about the same size."""

from collections.abc import Sequence

from architect_review.audit.components import Component


def divide(components: Sequence[Component], count: int) -> tuple[tuple[str, ...], ...]:
    """The components' names in at most `count` parts, none of them empty.

    The same for the same components wherever it is computed: the largest component
    that is left goes to the part that has least. The names keep their order.
    """
    parts: list[list[Component]] = [[] for _ in range(min(count, len(components)))]
    sizes = [0] * len(parts)
    for each in sorted(components, key=lambda each: (-each.size, each.name)):
        at = sizes.index(min(sizes))
        parts[at].append(each)
        # Also an empty component takes a request.
        sizes[at] += each.size + 1
    order = {each.name: at for at, each in enumerate(components)}
    return tuple(
        tuple(sorted((each.name for each in part), key=order.__getitem__))
        for part in parts
    )
