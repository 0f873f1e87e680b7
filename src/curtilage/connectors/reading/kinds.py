"""Files that look like forms and schemas but hold neither: settings of tools, locks, maps, data."""

from __future__ import annotations

import re
from typing import Final

from curtilage.connectors.ports import Document

_NAMES: Final = re.compile(
    r"""(?:^|/)(?:
        (?:package|package-lock|npm-shrinkwrap|composer|bower|lerna|nx|turbo|project|angular|vercel|now|app
           |manifest|tsconfig[^/]*|jsconfig[^/]*|deno|renovate|nodemon|tslint|cypress|babel\.config|devcontainer
           |launch|settings|tasks|extensions|codecov|netlify|firebase|serverless|buildspec|appspec|mkdocs
           |_config|openapitools|sonar-project|pubspec|chart|values|kustomization|skaffold|dependabot
           |docker-compose[^/]*|compose|cloudbuild|bitbucket-pipelines|azure-pipelines|environment|conda
           |database|credentials|secrets|cable|storage|sidekiq|schedule|mongoid
        )\.(?:json|ya?ml|jsonc)
      | [^/]+[.-]lock\.(?:json|ya?ml) | pnpm-lock\.ya?ml | [^/]+\.(?:geojson|topojson|ipynb|map|webmanifest)
      | \.[^/]*rc(?:\.json|\.ya?ml)? | \.travis\.yml | \.gitlab-ci\.yml | \.pre-commit-[^/]*\.yaml
      | (?:\.github|\.circleci|\.vscode|node_modules|\.idea)/.*
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_CONTENT: Final = re.compile(
    rb"""\A\s*\{\s*"type"\s*:\s*"(?:FeatureCollection|Feature|Topology)"
       | ^(?:apiVersion|AWSTemplateFormatVersion)\s*: | "(?:lockfileVersion|bomFormat|spdxVersion)"\s*: | "nbformat"\s*:""",
    re.VERBOSE | re.MULTILINE,
)


def is_something_else(document: Document) -> bool:
    """Return whether a JSON or YAML file is known to be neither form nor schema.

    >>> from curtilage.connectors.ports import Limits
    >>> is_something_else(Document("web/package.json", b"{}", Limits()))
    True
    """
    return bool(_NAMES.search(document.source) or _CONTENT.search(document.head()))
