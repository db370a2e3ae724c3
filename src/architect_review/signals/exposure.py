"""What a Python file says about who may do what: checks, and holes in them.

Names are those of Django, Django REST framework, Flask and its extensions, FastAPI,
Starlette, requests, httpx, ssl, PyJWT and hashlib, by their documentation.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from architect_review.signals.places import brief
from architect_review.signals.scopes import Scopes, definitions
from architect_review.signals.syntax import Syntax, last_name, syntax_reader

NODES = 60
"""Nodes of one expression that are looked at."""

_CHECKS = """
    login_required permission_required user_passes_test staff_member_required
    superuser_required admin_required roles_required roles_accepted role_required
    requires_auth require_auth auth_required requires_permission require_permission
    token_required jwt_required fresh_jwt_required requires_scopes requires_roles
    csrf_protect require_login authenticated requires_login permissions_required
    LoginRequiredMixin PermissionRequiredMixin UserPassesTestMixin AccessMixin
    StaffuserRequiredMixin SuperuserRequiredMixin
"""
_HOLES: Mapping[str, str] = {
    "csrf_exempt": "forms of other sites can act for a visitor",
    "login_not_required": "nobody has to log in",
    "allow_anonymous": "nobody has to log in",
    "skip_auth": "nobody has to log in",
    "no_auth": "nobody has to log in",
}
"""Decorators by name, and what they open."""
_LISTS = """
    permission_classes authentication_classes permission_required
    DEFAULT_PERMISSION_CLASSES DEFAULT_AUTHENTICATION_CLASSES PASSWORD_HASHERS
    AUTH_PASSWORD_VALIDATORS AUTHENTICATION_BACKENDS CORS_ALLOWED_ORIGINS
    CORS_ORIGIN_WHITELIST CSRF_TRUSTED_ORIGINS
"""
_MIDDLEWARE = """
    CsrfViewMiddleware AuthenticationMiddleware SecurityMiddleware
    XFrameOptionsMiddleware LoginRequiredMiddleware SessionMiddleware
    TrustedHostMiddleware HTTPSRedirectMiddleware
"""
_SWITCHES: Mapping[str, tuple[bool, str]] = {
    "CORS_ALLOW_ALL_ORIGINS": (False, "every web site may call this service"),
    "CORS_ORIGIN_ALLOW_ALL": (False, "every web site may call this service"),
    "DEBUG": (False, "errors show code and settings to visitors"),
    "SECURE_SSL_REDIRECT": (True, "plain HTTP is served"),
    "SECURE_CONTENT_TYPE_NOSNIFF": (True, "browsers guess types of content"),
    "SESSION_COOKIE_SECURE": (True, "session cookies travel over plain HTTP"),
    "SESSION_COOKIE_HTTPONLY": (True, "scripts can read session cookies"),
    "CSRF_COOKIE_SECURE": (True, "CSRF cookies travel over plain HTTP"),
    "REMEMBER_COOKIE_SECURE": (True, "login cookies travel over plain HTTP"),
    "WTF_CSRF_ENABLED": (True, "forms of other sites can act for a visitor"),
}
"""Settings by name: the safe value, and what the other one opens."""
_ARGUMENTS: Mapping[str, str] = {
    "verify": "the server's certificate is not checked",
    "verify_ssl": "the server's certificate is not checked",
    "verify_certs": "the server's certificate is not checked",
    "check_hostname": "the certificate's host name is not checked",
    "verify_signature": "forged tokens are accepted",
    "verify_exp": "expired tokens are accepted",
}
_SECRET = re.compile(r"passw|pwd|secret|credential", re.I)
_IDENTITY = re.compile(
    r"auth|user|permission|token|login|admin|role|scope|principal|identity|api_?key",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line about access: a check that guards, or a hole that `opens` something.

    `value` is what a list of checks holds; texts of it alone can change.
    """

    line: int
    text: str
    is_hole: bool
    opens: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of a file by scope and text, and all of its scopes."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()


@syntax_reader
def access(syntax: Syntax) -> Access:
    """Read a file's rules about access."""
    scopes = Scopes.of(syntax)
    rules: dict[str, Rule] = {}
    for read in (_marks, _bases, _assigned, _entries, _middleware, _calls):
        for node, rule in read(syntax):
            scope = scopes.at(node.lineno)
            rules.setdefault(f"{scope}\0{rule.text}", rule)
    return Access(rules, scopes.names)


Found = Iterator[tuple[ast.expr | ast.stmt, Rule]]


def _marks(syntax: Syntax) -> Found:
    """Decorators."""
    for node in definitions(syntax):
        for mark in node.decorator_list:
            call = mark.func if isinstance(mark, ast.Call) else mark
            name = last_name(call)
            names = [name]
            if name == "method_decorator" and isinstance(mark, ast.Call):
                names += [last_name(_called(each)) for each in mark.args[:1]]
            for each in names:
                if each in _HOLES:
                    yield mark, Rule(mark.lineno, f"@{each}", True, _HOLES[each])
                elif each in _LISTS.split() and isinstance(mark, ast.Call):
                    for given in mark.args[:1]:
                        yield mark, _list(each, given, mark.lineno)
                elif each in _CHECKS.split():
                    yield mark, Rule(mark.lineno, f"@{each}", is_hole=False)


def _bases(syntax: Syntax) -> Found:
    for node in syntax.all(ast.ClassDef):
        for base in node.bases:
            if last_name(base) in _CHECKS.split():
                # The line of the class, where its decorators would not be.
                yield node, Rule(base.lineno, last_name(base), is_hole=False)


def _assigned(syntax: Syntax) -> Found:
    pairs = [
        *((t, node.value) for node in syntax.all(ast.Assign) for t in node.targets),
        *((node.target, node.value) for node in syntax.all(ast.AnnAssign)),
    ]
    for target, value in pairs:
        if value is not None:
            for rule in _setting(last_name(target), value, target.lineno):
                yield target, rule


def _entries(syntax: Syntax) -> Found:
    """What is written as a dictionary: settings of a framework, options of a call."""
    for node in syntax.all(ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                for rule in _setting(key.value, value, key.lineno):
                    yield key, rule


def _setting(name: str, value: ast.expr, line: int) -> Iterator[Rule]:
    given = value.value if isinstance(value, ast.Constant) else None
    if name in _SWITCHES and isinstance(given, bool):
        safe, opens = _SWITCHES[name]
        if given is not safe:
            yield Rule(line, f"{name} = {given}", True, opens)
        elif safe:
            yield Rule(line, f"{name} = {given}", False)
    elif name == "SECURE_HSTS_SECONDS" and given == 0 and given is not False:
        yield Rule(line, f"{name} = 0", True, "browsers may fall back to plain HTTP")
    elif name in _ARGUMENTS and name != "verify" and given is False:
        yield Rule(line, f"{name}=False", True, _ARGUMENTS[name])
    elif name == "ALLOWED_HOSTS" and _has_star(value):
        yield Rule(line, f"{name} = ['*']", True, "any host name is answered")
    elif name == "verify_mode" and last_name(value) == "CERT_NONE":
        yield Rule(line, "CERT_NONE", True, "the certificate is not checked")
    elif name in _LISTS.split():
        yield _list(name, value, line)


def _list(name: str, value: ast.expr, line: int) -> Rule:
    """A list of checks or of origins by their names."""
    is_list = isinstance(value, ast.List | ast.Tuple | ast.Set)
    items = value.elts if is_list else [value]  # type: ignore[attr-defined]
    shown = ", ".join(_named(each) for each in items[:NODES])
    return Rule(line, name, is_hole=False, value=f"[{shown}]")


def _named(item: ast.expr) -> str:
    if isinstance(item, ast.Constant):
        text = brief(str(item.value), 60)
        is_class = re.fullmatch(r"(?:\w+\.)+([A-Z]\w*)", text)
        return is_class[1] if is_class else text
    if isinstance(item, ast.BinOp):
        names = (each for each in _within(item) if isinstance(each, ast.Name))
        return " & ".join(sorted(each.id for each in names))
    return last_name(_called(item)) or "…"


def _middleware(syntax: Syntax) -> Found:
    for node in syntax.all(ast.Constant):
        if isinstance(node.value, str) and node.value.endswith("Middleware"):
            name = node.value.rpartition(".")[2]
            if name in _MIDDLEWARE.split():
                yield node, Rule(node.lineno, name, is_hole=False)


def _calls(syntax: Syntax) -> Found:
    for node in syntax.all(ast.Attribute):
        if node.attr == "_create_unverified_context":
            opens = "the server's certificate is not checked"
            yield node, Rule(node.end_lineno or node.lineno, node.attr, True, opens)
    for call in syntax.all(ast.Call):
        name = last_name(call.func)
        for keyword in call.keywords:
            for rule in _argument(name, keyword):
                yield call, rule
        if name in ("Depends", "Security") and call.args:
            given = last_name(_called(call.args[0]))
            if name == "Security" or _IDENTITY.search(given):
                text = f"{name}({brief(given)})"
                yield call, Rule(call.lineno, text, is_hole=False)
        if name in ("md5", "sha1") and _hashes_a_secret(call):
            opens = "passwords can be guessed from their hash"
            yield call, Rule(call.lineno, f"{name} of a password", True, opens)


def _argument(call: str, keyword: ast.keyword) -> Iterator[Rule]:
    name, value, line = keyword.arg or "", keyword.value, keyword.value.lineno
    given = value.value if isinstance(value, ast.Constant) else None
    if name in _ARGUMENTS and given is False:
        yield Rule(line, f"{name}=False", True, _ARGUMENTS[name])
    elif name == "cert_reqs" and "CERT_NONE" in (given, last_name(value)):
        yield Rule(line, "CERT_NONE", True, "the certificate is not checked")
    elif name in ("allow_origins", "origins", "allowed_origins") and _has_star(value):
        opens = "every web site may call this service"
        yield Rule(line, f"{name}=*", True, opens)
    elif name == "algorithms" and call == "decode" and _has_none(value):
        yield Rule(line, "algorithms=none", True, "forged tokens are accepted")
    elif name == "debug" and call == "run" and given is True:
        opens = "visitors who cause an error can run code"
        yield Rule(line, "run(debug=True)", True, opens)


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _has_star(value: ast.expr) -> bool:
    items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return any(isinstance(each, ast.Constant) and each.value == "*" for each in items)


def _has_none(value: ast.expr) -> bool:
    items = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    texts = [each.value for each in items if isinstance(each, ast.Constant)]
    return any(isinstance(text, str) and text.lower() == "none" for text in texts)


def _hashes_a_secret(call: ast.Call) -> bool:
    if any(keyword.arg == "usedforsecurity" for keyword in call.keywords):
        return False
    return any(
        isinstance(node, ast.Name | ast.Attribute) and _SECRET.search(last_name(node))
        for argument in call.args[:1]
        for node in _within(argument)
    )


def _within(node: ast.AST) -> Iterator[ast.AST]:
    return islice(ast.walk(node), NODES)
