"""The repository, its contents and the identity over REST."""

from base64 import encodebytes
from posixpath import join, normpath
from urllib.parse import unquote

from standin.github import git_shapes, shapes
from standin.github.answers import Answer, Refusal, forbidden, not_found
from standin.github.history import TreeRow
from standin.github.routes import Call, route
from standin.github.shapes import Json

_CONTENTS = "contents=read"


@route("GET", "", "metadata=read")
def repository(call: Call) -> Answer:
    """Show the repository."""
    return Answer(body=shapes.full_repository(call.site, call.state))


@route("GET", "^/user")
def user(call: Call) -> Answer:
    """Show the identity, which a token of an app or of Actions may not ask."""
    if call.state.viewer.endswith("[bot]"):
        raise forbidden("")
    return Answer(body=shapes.private_user(call.site, call.state.viewer))


@route("GET", "/git/blobs/([0-9a-f]{40})", _CONTENTS)
def blob(call: Call) -> Answer:
    """Show a blob."""
    sha = call.words[0]
    if call.state.history.kind(sha) != "blob":
        raise not_found()
    return Answer(body=git_shapes.blob(call.site, call.state, sha))


@route("GET", "/contents/(.*)", _CONTENTS)
def contents(call: Call) -> Answer:
    """Show a file, a directory, or where a symlink leads."""
    history = call.state.history
    ref = call.query.get("ref", call.state.default_branch)
    commit = history.resolve(f"{ref}^{{commit}}")
    if commit is None:
        raise Refusal(404, f"No commit found for the ref {ref}")
    path = unquote(call.words[0]).strip("/")
    if not path:
        return Answer(body=_listed(call, history.commit(commit).tree, "", ref))
    row = history.row(commit, path)
    if row is None:
        raise not_found()
    return _shown(call, row, path, (commit, ref))


@route("GET", r"/compare/(.+?)\.\.\.(.+)", _CONTENTS)
def compare(call: Call) -> Answer:
    """Compare two commits from their merge base, with at most 300 files."""
    state, history = call.state, call.state.history
    ends = [history.resolve(f"{unquote(word)}^{{commit}}") for word in call.words]
    if ends[0] is None or ends[1] is None:
        raise not_found()
    base, head = ends[0], ends[1]
    if not history.are_related(base, head):
        raise Refusal(404, f"No common ancestor between {base} and {head}.")
    ahead, behind = history.between(base, head), history.between(head, base)
    page, headers = call.paged(ahead)
    first = call.query.get("page", "1") == "1"
    changes = list(history.changes(base, head)) if first else []
    start = history.merge_base(base, head)
    own = f"{call.site.repository(state)}/compare/{base}...{head}"
    status = ("diverged" if behind else "ahead") if ahead else "behind"
    body = {
        **{f"{name}_url": own for name in ("html", "permalink", "diff", "patch")},
        "url": own,
        "base_commit": git_shapes.commit(call.site, state, base),
        "merge_base_commit": git_shapes.commit(call.site, state, start),
        "status": status if ahead or behind else "identical",
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [git_shapes.commit(call.site, state, sha) for sha in page],
        "files": git_shapes.diff_entries(
            call.site, state, changes[: state.limits.compared_files], head
        ),
    }
    return Answer(body=body, headers=headers)


def _listed(call: Call, tree: str, folder: str, ref: str) -> list[Json]:
    shown = []
    for row in call.state.history.rows(tree):
        entry = git_shapes.content(
            call.site, call.state, row, join(folder, row.path), ref
        )
        # GitHub lists submodules as files until API version 2026-03-10.
        kind = "file" if entry["type"] == "submodule" else entry["type"]
        shown.append(entry | {"type": kind})
    return shown


def _shown(call: Call, row: TreeRow, path: str, at: tuple[str, str]) -> Answer:
    commit, ref = at
    history = call.state.history
    if row.kind == "tree":
        return Answer(body=_listed(call, row.sha, path, ref))
    entry = git_shapes.content(call.site, call.state, row, path, ref)
    if row.kind == "commit":
        return Answer(body=entry | {"submodule_git_url": "git://standin.invalid/sub"})
    data = history.blob(row.sha)
    if row.mode == "120000":
        target = data.decode("utf-8", "replace")
        aim = normpath(join(path, "..", target))
        led = None if aim.startswith("..") else history.row(commit, aim)
        if led is None or led.kind != "blob" or led.mode == "120000":
            return Answer(body=entry | {"target": target})
        entry["type"], data = "file", history.blob(led.sha)
    if "raw" in call.accept:
        media = "application/vnd.github.raw; charset=utf-8"
        return Answer(body=data, headers={"Content-Type": media})
    if len(data) > call.state.limits.contents:
        return Answer(body=entry | {"content": "", "encoding": "none"})
    encoded = encodebytes(data).decode()
    return Answer(body=entry | {"content": encoded, "encoding": "base64"})
