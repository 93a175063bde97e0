"""The application and its blueprints, which are described when somebody asks what there is.

The library works out the schema of each operation while it is declared, which took more than half of the time that the
application needs to be made. Most processes never tell it to anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from types import FunctionType
from typing import Any

from flask_openapi import APIBlueprint, OpenAPI
from flask_openapi.types import ParametersTuple


class DescribedBlueprint(APIBlueprint):
    """Operations that keep for later what is to be said of them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._declared: list[tuple[str, FunctionType, dict[str, Any]]] = []

    def _collect_openapi_info(self, rule: str, func: FunctionType, **said: Any) -> ParametersTuple:
        self._declared.append((rule, func, said))
        return super()._collect_openapi_info(rule, func, **said | {"doc_ui": False})

    def describe(self) -> None:
        """Fill ``tags``, ``paths`` and ``components_schemas``."""
        for rule, func, said in self._declared:
            super()._collect_openapi_info(rule, func, **said)


class DescribedApi(OpenAPI):
    """An application whose description calls a body optional where nothing in it is needed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._undescribed: list[DescribedBlueprint] = []
        self._describing = Lock()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: no view or hook of ours is a coroutine, and Flask would look at each of them in each request."""
        return func

    def register_api(self, api: APIBlueprint, **options: Any) -> None:
        super().register_api(api, **options)
        if isinstance(api, DescribedBlueprint):
            self._undescribed.append(api)

    @property
    def api_doc(self) -> dict[str, Any]:
        with self._describing:
            while self._undescribed:
                self._describe(self._undescribed.pop(0))
            description: dict[str, Any] = super().api_doc
        schemas = description["components"]["schemas"]
        for path in description["paths"].values():
            for operation in path.values():
                body = operation.get("requestBody")
                if body is not None and not any(_needed(kind["schema"], schemas) for kind in body["content"].values()):
                    body["required"] = False
        return description

    def _describe(self, api: DescribedBlueprint) -> None:
        """Take in what it does, also at paths at which another blueprint does something else."""
        api.describe()
        for tag in api.tags:
            if tag.name not in self.tag_names:
                self.tags.append(tag)
                self.tag_names.append(tag.name)
        for path, item in api.paths.items():
            known = self.paths.get(path)
            added = {name: operation for name, operation in item if operation is not None}
            self.paths[path] = item if known is None else known.model_copy(update=added)
        self.components_schemas.update(api.components_schemas)


def _needed(schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    return bool(schemas.get(schema.get("$ref", "").rpartition("/")[2], schema).get("required"))
