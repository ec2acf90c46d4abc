"""Before and after: four ways to compare, one point of view for both."""

from photoguard.gui.compare.view import CompareView

__all__ = ["CompareView"]
