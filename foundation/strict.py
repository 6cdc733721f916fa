"""The base of all settings: no unknown key, no change once made, no switch or infinity for a number."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Strict(BaseModel):
    """A block of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: Any, info: ValidationInfo) -> Any:
        """pydantic takes true for the number 1, and YAML reads `yes`, `no`, `on` and `off` as true and false."""
        field = cls.model_fields[info.field_name or ""]
        several = (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else (value,)
        )
        if field.annotation is not bool and any(isinstance(one, bool) for one in several):
            raise ValueError("this setting is no switch; give a value, in quotes if it is the word yes or no")
        return value
