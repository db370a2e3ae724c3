"""Routes and API descriptions: what is made to hurt is read or refused quickly."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from architect_review.change.diff import Diff
from architect_review.signals import Signals, detect, wanted
from architect_review.signals.apidocument import VISITS_LIMIT, operations
from architect_review.signals.jsontext import NESTING_LIMIT, json_document
from architect_review.signals.reading import UnreadableError
from architect_review.signals.routing import declared_routes
from architect_review.signals.written import PATH_LIMIT, ROUTES_LIMIT
from signals.samples import change_of, rewritten

_FAN = "".join(f"a{n} = [path('{n}', include(a{n + 1}))] * 9\n" for n in range(40))
_SELF = "urlpatterns = [path('a', include(a)), path('b', include(urlpatterns))]\n"


def _run(path: str, base: str | None, head: str | None) -> Signals:
    change = change_of(Diff((rewritten(path, base, head),)))
    return detect(change, dict.fromkeys(wanted(change.diff), head or ""))


@pytest.mark.parametrize(
    "text",
    [
        _SELF + "a = [path('c', include(a)), path('d', include(a))]\n",
        "urlpatterns = [path('a', include(a0))]\n" + _FAN,
        "urlpatterns = [" + "path('a', b), " * 20_000 + "]",
        "urlpatterns = " + "[" * 90 + "]" * 90,
        "urlpatterns = " + "[] + " * 2_000 + "[]",
        "urlpatterns = [path(" + "'a' + " * 500 + "'a', b)]",
        "urlpatterns = [path('" + "a" * 100_000 + "', b)]",
        "urlpatterns = [path(*a), path(**b), path(), re_path('(?P<' * 99, a)]",
        "app = FastAPI(*a, prefix=1)\n"
        + "@app.get('/a')\n" * 5_000
        + "def a(): pass\n",
        "@app.get(f'{" + "f" * 9_000 + "}')\ndef a(): pass\n",
        "if TYPE_CHECKING:\n import a\n" * 10_000,
    ],
)
def test_a_module_made_to_hurt_is_read_in_seconds(text: str) -> None:
    started = time.process_time()

    found = _run("shop/urls.py", None, text)

    assert found.gaps == ()
    assert time.process_time() - started < 20


def test_of_a_file_with_too_many_routes_the_first_ones_are_kept() -> None:
    text = "".join(f"app.add_api_route('/{n}', f{n})\n" for n in range(3_000))

    assert len(declared_routes(text)) == ROUTES_LIMIT


@given(st.text("/<>{}()?P:^$…aA.\\", max_size=PATH_LIMIT))
def test_any_path_has_an_address_that_stays_as_it_is(path: str) -> None:
    for route in declared_routes(f"app.add_api_route({'/' + path!r}, f)\n"):
        assert "…" not in route.address


def _api(schemas: object) -> str:
    reference = {"schema": {"$ref": "#/components/schemas/A0"}}
    answer = {"200": {"content": {"application/json": reference}}}
    paths = {"/a": {"get": {"responses": answer}}}
    document = {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}
    return json.dumps(document)


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    "schemas",
    [
        {"A0": _reference("A0")},
        {"A0": _reference("A1"), "A1": _reference("A0")},
        {"A0": {"allOf": [_reference("A0"), _reference("A0")]}},
        {"A0": {"items": _reference("A0"), "properties": {"a": _reference("A0")}}},
        {
            "A0": {
                "type": {"a": 1},
                "required": {"a": 1},
                "properties": [1],
                "enum": "a",
            }
        },
        {"A0": []},
        [],
    ],
)
def test_a_description_that_means_nothing_or_itself_is_read(schemas: object) -> None:
    assert list(operations("api/openapi.json", _api(schemas))) == ["GET /a"]


def test_a_description_that_stands_for_too_many_schemas_is_refused() -> None:
    schemas = {
        f"A{n}": {"properties": {f"p{k}": _reference(f"A{n + 1}") for k in range(20)}}
        for n in range(9)
    }

    with pytest.raises(UnreadableError, match=f"{VISITS_LIMIT:,}"):
        operations("api/openapi.json", _api(schemas))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("openapi.json", '{"openapi": ' * 50_000),
        ("openapi.json", '{"openapi": "3", "a": ' + "[" * 500 + "]" * 500 + "}"),
        ("openapi.json", '{"openapi": "3"' + ', "paths": {}' * 70_000 + "}"),
        ("openapi.json", '"openapi" ' * 100_000),
        ("api/a.yaml", "\n" * 250_000 + "openapi"),
        ("api/a.yaml", "openapi: 3\npaths: " + "[" * 5_000),
        ("api/a.yaml", "openapi: 3\npaths: {/a: {$ref: '#/paths/~1a'}}"),
        ("tach.toml", "[[modules]]\n" * 20_000),
        (".importlinter", "[importlinter:contract:a]\n a\n" * 5_000),
        (".importlinter", "[importlinter:contract:" * 10_000),
        ("pyproject.toml", "tool.importlinter.contracts = [1, {layers = {a = 1}}]"),
        (".dependency-cruiser.json", '{"forbidden": [1, {"name": "a"}]}'),
    ],
)
def test_a_description_made_to_hurt_is_read_or_refused_in_seconds(
    path: str, text: str
) -> None:
    started = time.process_time()

    for found in (_run(path, None, text), _run(path, "{}\n", text)):
        assert {gap.detector for gap in found.gaps} <= {"files"}
    assert time.process_time() - started < 20


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(_JSON, st.sampled_from((None, 1)))
def test_json_is_read_like_the_value_it_is(value: object, indent: int | None) -> None:
    found = json_document(json.dumps(value, indent=indent))

    if isinstance(value, list):
        assert len(found.items) == len(value)
    elif isinstance(value, dict):
        assert found.entries.keys() == value.keys()
    elif isinstance(value, str):
        assert found.text == value
    else:
        assert found.text == json.dumps(value)


def test_json_values_know_their_lines_and_too_deep_ones_are_refused() -> None:
    found = json_document('{\n "a": [1,\n  {"b\\n": "\\\\"}]\n}')

    assert [each.line for each in found.at("a").items] == [2, 3]
    assert found.at("a").items[1].at("b\n").text == "\\"
    with pytest.raises(UnreadableError, match="deeper"):
        json_document("[" * (NESTING_LIMIT + 1) + "]" * (NESTING_LIMIT + 1))
