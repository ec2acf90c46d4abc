"""Where the installed models lie."""

from __future__ import annotations

from pathlib import Path

from photoguard.places import user_data
from photoguard.policy import policy


def models_folder() -> Path:
    """The folder that the administrator fixed, else the one among this user's data. Raises ``Failed(POLICY_BROKEN)``."""
    return policy().models or user_data() / "models"
