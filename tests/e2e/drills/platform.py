"""What GitHub can do to a review."""

import time
from typing import Any

from e2e.drills.drill import NOTHING, TWO, WHOLE, Arrange, Drill, github, given
from e2e.drills.model import BAD, GOOD, READ
from e2e.scene import Scene, an_answer
from standin.github import After, Answer, Drop

CONTEXT = "/graphql"
REVIEWS = r"/pulls/7/reviews$"
COMMENTS = r"/issues/7/comments$"
PULL = r"/pulls/7$"
LEAD = "architect-review:lead"
SUMMARY = "architect-review:summary"
GONE = Answer(500, {"message": "Server Error"})
LATE = Answer(200, {}, delay=4)
SECONDARY = "You have exceeded a secondary rate limit."
REFUSED = Answer(422, {"message": "Unprocessable Entity", "errors": ["line must be"]})
GRAPHQL = Answer(200, {"data": None, "errors": [{"message": "Something went wrong"}]})
SILENCE = {"github_timeout": "1"}
ONE = "review with 1 comment; lead told; summary: 2 findings, 2 high · major change"
NO_REVIEW = "lead told; summary: 2 findings, 2 high · major change"
UNTOLD = "review with 2 comments; summary: partial · 2 findings · major change"


def limited(seconds: int) -> Answer:
    """The primary rate limit, free again in so many seconds."""
    headers = {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.time()) + seconds),
    }
    return Answer(403, {"message": "API rate limit exceeded"}, headers)


def soon_free(method: str, path: str) -> Arrange:
    """The rate is used up for a moment, counted from when the drill begins."""

    def arrange(scene: Scene) -> None:
        scene.github.fault(method, path, limited(0))

    return arrange


def secondary(after: str = "1") -> Answer:
    """The secondary rate limit."""
    return Answer(403, {"message": SECONDARY}, {"Retry-After": after})


def permissions(fork: bool = False, **allowed: str) -> Arrange:
    """The token has these permissions."""

    def arrange(scene: Scene) -> None:
        scene.github.state.permissions.update(allowed)
        scene.github.state.pulls[7].fork = fork

    return arrange


def forgotten_draft(scene: Scene) -> None:
    """A run before died between two requests."""
    scene.github.review(7, "github-actions[bot]", "left behind", state="PENDING")


def after_the_model(method: str, path: str, fault: Answer) -> Arrange:
    """Requests go wrong that come after the model's answer."""

    def arrange(scene: Scene) -> None:
        def answer(request: object) -> dict[str, Any]:
            scene.github.fault(method, path, fault, times=9)
            return an_answer(*TWO)

        scene.model.answer = answer

    return arrange


READS = [
    Drill("401, a wrong token", BAD, NOTHING, "401: Bad credentials",
          given(github_token="ghs_wrong")),
    Drill("404, the token sees no such repository", BAD, NOTHING, "404: Not Found",
          github("POST", CONTEXT, Answer(404, {"message": "Not Found"}))),
    Drill("There is no such pull request", BAD, NOTHING, "Could not resolve",
          lambda scene: scene.github.fault("POST", CONTEXT, Answer(200, {"data": {
              "repository": None}, "errors": [{"type": "NOT_FOUND", "message":
              "Could not resolve to a PullRequest with the number of 7."}]}))),
    Drill("500 on the first read, once", GOOD, WHOLE, READ,
          github("POST", CONTEXT, GONE)),
    Drill("500 on the first read, always", BAD, NOTHING, "500: Server Error",
          github("POST", CONTEXT, GONE, times=9)),
    Drill("502 on the diff, once", GOOD, WHOLE, READ,
          github("GET", PULL, Answer(502, {"message": "Bad Gateway"}))),
    Drill("502 on the diff, always", BAD, NOTHING, "502",
          github("GET", PULL, Answer(502, {"message": "Bad Gateway"}), times=9)),
    Drill("Connection reset on a read, once", GOOD, WHOLE, READ,
          github("GET", PULL, Drop.BEFORE)),
    Drill("Connection reset on a read, always", BAD, NOTHING, "GitHub did not answer",
          github("POST", CONTEXT, Drop.BEFORE, times=9)),
    Drill("No answer to a read in time, once", GOOD, WHOLE, READ,
          github("POST", CONTEXT, LATE, inputs=SILENCE)),
    Drill("No answer to a read in time, always", BAD, NOTHING, "Timeout",
          github("POST", CONTEXT, LATE, times=9, inputs=SILENCE)),
    Drill("A web page instead of the diff, once", GOOD, WHOLE, READ,
          github("GET", PULL, Answer(200, b"<html>maintenance</html>",
                                     {"Content-Type": "text/html"}))),
    Drill("A web page instead of the diff, always", BAD, NOTHING,
          "a web page came instead",
          github("GET", PULL, Answer(200, b"<html>maintenance</html>",
                                     {"Content-Type": "text/html"}), times=9)),
    Drill("GraphQL error inside a 200, once", GOOD, WHOLE, READ,
          github("POST", CONTEXT, GRAPHQL)),
    Drill("GraphQL error inside a 200, always", BAD, NOTHING, "Something went wrong",
          github("POST", CONTEXT, GRAPHQL, times=9)),
    Drill("Primary rate limit, free in a second", GOOD, WHOLE, READ,
          soon_free("POST", CONTEXT)),
    Drill("Primary rate limit, free in an hour", BAD, NOTHING, "rate limit",
          github("POST", CONTEXT, limited(3600), times=9)),
    Drill("Secondary rate limit, once", GOOD, WHOLE, READ,
          github("POST", CONTEXT, secondary())),
    Drill("429 on a read, once", GOOD, WHOLE, READ,
          github("GET", PULL, Answer(429, {"message": "Too many requests"},
                                     {"Retry-After": "1"}))),
]  # fmt: skip

WRITES = [
    Drill("422 for one comment of two", GOOD, ONE,
          "GitHub did not accept a comment there",
          github("POST", REVIEWS, REFUSED, times=20, body="A failed order")),
    Drill("422 for every comment", GOOD, NO_REVIEW,
          "GitHub did not accept a comment there",
          github("POST", REVIEWS, REFUSED, times=20)),
    Drill("A forgotten draft review is in the way (422)", GOOD, WHOLE, READ,
          forgotten_draft),
    Drill("502 on the review that was posted", GOOD, WHOLE, READ,
          github("POST", REVIEWS, After())),
    Drill("Connection reset after the review was posted", GOOD, WHOLE, READ,
          github("POST", REVIEWS, Drop.AFTER)),
    Drill("No answer in time to the review that was posted", GOOD, WHOLE, READ,
          github("POST", REVIEWS, After(LATE), inputs=SILENCE)),
    Drill("500 on the review that was not posted, once", GOOD, WHOLE, READ,
          github("POST", REVIEWS, GONE)),
    Drill("500 on the review, always", "failed, findings, 1", NOTHING,
          "500: Server Error", github("POST", REVIEWS, GONE, times=9)),
    Drill("409 on the review, once", GOOD, WHOLE, READ,
          github("POST", REVIEWS, Answer(409, {"message": "Conflict"}))),
    Drill("502 on the lead's comment that was posted", GOOD, WHOLE, READ,
          github("POST", COMMENTS, After(), body=LEAD)),
    Drill("422 on the lead's comment", "partial, findings, 0", UNTOLD,
          "the project lead was not told",
          github("POST", COMMENTS, REFUSED, times=9, body=LEAD)),
    Drill("500 on the question who the lead is, always", "partial, findings, 0",
          UNTOLD, "the project lead was not told",
          github("GET", "/collaborators/", GONE, times=9, inputs={"project_lead": ""})),
    Drill("502 on the summary that was posted", GOOD, WHOLE, READ,
          github("POST", COMMENTS, After(), body=SUMMARY)),
    Drill("500 on the summary, always", "failed, findings, 1",
          "review with 2 comments; lead told", "500: Server Error",
          github("POST", COMMENTS, GONE, times=9, body=SUMMARY)),
    Drill("Secondary rate limit on the review, once", GOOD, WHOLE, READ,
          github("POST", REVIEWS, secondary())),
    Drill("Secondary rate limit on the review for an hour", "failed, findings, 1",
          NOTHING, "rate limit", github("POST", REVIEWS, secondary("3600"))),
    Drill("The head cannot be checked before posting", "failed, findings, 1", NOTHING,
          "checking the head before posting",
          after_the_model("POST", CONTEXT, GONE)),
]  # fmt: skip

RIGHTS = [
    Drill("A fork's read-only token", GOOD, NOTHING, "fork is read-only",
          permissions(fork=True, pull_requests="read")),
    Drill("403, `pull-requests: write` is missing", GOOD, NOTHING,
          "`permissions: {contents: read, pull-requests: write}`",
          permissions(pull_requests="read")),
    Drill("403 that names what it asks for", GOOD, NOTHING,
          "GitHub asks for pull_requests=write", permissions(pull_requests="read")),
]  # fmt: skip
