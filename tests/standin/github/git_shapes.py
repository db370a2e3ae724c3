"""Commits, changed files and contents as GitHub's REST interface writes them."""

from base64 import encodebytes
from dataclasses import replace
from urllib.parse import quote

from standin.github.changes import FileChange
from standin.github.history import CommitFacts, Signature, TreeRow
from standin.github.shapes import Json, Site
from standin.github.state import State


def diff_entries(
    site: Site, state: State, changes: list[FileChange], head: str
) -> list[Json]:
    """Return the rows of one page of changed files.

    Once the patches reach GitHub's limit, later rows say that nothing changed.
    """
    listed, lines = [], 0
    for change in changes:
        own = 0 if change.patch is None else change.patch.count("\n") + 1
        shown = change
        if lines >= state.limits.page_lines:
            shown = replace(change, patch=None, additions=0, deletions=0)
        elif own > state.limits.file_lines:
            shown = replace(change, patch=None)
        lines += own
        listed.append(_diff_entry(site, state, shown, head))
    return listed


def commit(site: Site, state: State, sha: str) -> Json:
    """Return a commit. Its people are names in git, not accounts."""
    facts: CommitFacts = state.history.commit(sha)
    root = site.repository(state)
    page = f"{site.web}/{state.owner}/{state.name}/commit"
    own = f"{root}/commits/{sha}"
    return {
        "url": own,
        "sha": sha,
        "node_id": f"C_{sha}",
        "html_url": f"{page}/{sha}",
        "comments_url": f"{own}/comments",
        "commit": {
            "url": f"{root}/git/commits/{sha}",
            "author": _signature(facts.author),
            "committer": _signature(facts.committer),
            "message": facts.message,
            "comment_count": 0,
            "tree": {"sha": facts.tree, "url": f"{root}/git/trees/{facts.tree}"},
        },
        "author": None,
        "committer": None,
        "parents": [
            {
                "sha": parent,
                "url": f"{root}/commits/{parent}",
                "html_url": f"{page}/{parent}",
            }
            for parent in facts.parents
        ],
    }


def blob(site: Site, state: State, sha: str) -> Json:
    """Return a blob, in base64 with line breaks as GitHub sends it."""
    data = state.history.blob(sha)
    return {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(data),
        "url": f"{site.repository(state)}/git/blobs/{sha}",
        "content": encodebytes(data).decode(),
        "encoding": "base64",
    }


def content(site: Site, state: State, row: TreeRow, path: str, ref: str) -> Json:
    """Return what is at a path, without the content of a file."""
    where = quote(path)
    own = f"{site.repository(state)}/contents/{where}?ref={quote(ref)}"
    objects = {"tree": "trees", "commit": "commits", "blob": "blobs"}[row.kind]
    stored = f"{site.repository(state)}/git/{objects}/{row.sha}"
    page = f"{site.web}/{state.owner}/{state.name}/blob/{quote(ref)}/{where}"
    is_blob = row.kind == "blob"
    kind = {"tree": "dir", "commit": "submodule"}.get(row.kind, "file")
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": row.sha,
        "size": len(state.history.blob(row.sha)) if is_blob else 0,
        "url": own,
        "html_url": page,
        "git_url": stored,
        "download_url": page.replace("/blob/", "/raw/") if is_blob else None,
        "type": "symlink" if row.mode == "120000" else kind,
        "_links": {"self": own, "git": stored, "html": page},
    }


def _diff_entry(site: Site, state: State, change: FileChange, head: str) -> Json:
    path, page = quote(change.path), f"{site.web}/{state.owner}/{state.name}"
    entry = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{head}/{path}",
        "raw_url": f"{page}/raw/{head}/{path}",
        "contents_url": f"{site.repository(state)}/contents/{path}?ref={head}",
    }
    if change.old_path is not None:
        entry["previous_filename"] = change.old_path
    if change.patch is not None:
        entry["patch"] = change.patch
    return entry


def _signature(found: Signature) -> Json:
    return {"name": found.name, "email": found.email, "date": found.date}
