"""What GitHub workflows do. Source: GitHub's workflow syntax reference."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from architect_review.signals.places import brief
from architect_review.signals.reading import Yaml, yaml_documents

WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml")

_ACTIONS = """
    actions/deploy-pages aws-actions/amazon-ecs-deploy-task-definition
    aws-actions/aws-cloudformation-github-deploy aws-actions/aws-codebuild-run-build
    aws-actions/aws-lambda-deploy azure/webapps-deploy azure/functions-action
    azure/k8s-deploy azure/aks-deploy azure/container-apps-deploy-action
    azure/static-web-apps-deploy azure/arm-deploy google-github-actions/deploy-*
    superfly/flyctl-actions* akhileshns/heroku-deploy cloudflare/wrangler-action
    amondnet/vercel-action nwtgck/actions-netlify digitalocean/app_action*
    burnett01/rsync-deployments appleboy/ssh-action hashicorp/tfc-workflows-github*
    pulumi/actions serverless/github-action firebaseextended/action-hosting-deploy
"""
_COMMANDS = """
    kubectl+apply kubectl+rollout kubectl+set+image helm+upgrade helm+install
    helmfile+apply helmfile+sync terraform+apply tofu+apply terragrunt+apply pulumi+up
    cdk+deploy aws+ecs+update-service aws+cloudformation+deploy sam+deploy
    aws+lambda+update-function-code aws+deploy+create-deployment
    gcloud+run+deploy gcloud+app+deploy gcloud+functions+deploy az+webapp+up
    az+containerapp+up flyctl+deploy fly+deploy wrangler+deploy vercel+deploy
    netlify+deploy serverless+deploy sls+deploy ansible-playbook cap+production+deploy
    argocd+app+sync kamal+deploy dokku+git:sync eb+deploy firebase+deploy
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a workflow; `deploys` says by what it deploys, "" when it does not."""

    line: int
    deploys: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow file: everything in it, and the parts that detectors speak of."""

    content: Yaml
    jobs: Mapping[str, Job] = field(default_factory=dict)
    schedules: tuple[Yaml, ...] = ()


def workflow(text: str) -> Workflow:
    """Read a workflow file. Raises UnreadableError."""
    content = next(iter(yaml_documents(text)), Yaml(1))
    jobs = {
        name: Job(job.line, _deploys(job))
        for name, job in content.at("jobs").entries.items()
    }
    crons = (each.at("cron") for each in content.at("on", "schedule").items)
    return Workflow(content, jobs, tuple(cron for cron in crons if cron))


def _deploys(job: Yaml) -> str:
    environment = job.at("environment")
    if environment:
        name = environment.at("name").text or environment.text
        return f"environment `{brief(name)}`"
    for step in job.at("steps").items:
        action = step.at("uses").text.partition("@")[0].lower()
        if any(fnmatchcase(action, known) for known in _ACTIONS.split()):
            return f"action `{brief(action)}`"
        for command in _commands(step.at("run").text):
            for known in _COMMANDS.split():
                words = known.split("+")
                if command[: len(words)] == words:
                    return f"command `{' '.join(words)}`"
    return ""


_LEADING = ("sudo", "exec", "time", "npx", "bunx", "uvx")


def _commands(script: str) -> Iterator[list[str]]:
    """The commands of a shell script as words, without prefixes and assignments."""
    for command in re.split(r"\n|&&|\|\||;|\|", script.replace("\\\n", " ")):
        words = command.split()
        while words and (words[0] in _LEADING or re.match(r"\w+=", words[0])):
            words = words[1:]
        if words and not words[0].startswith("#"):
            yield words
